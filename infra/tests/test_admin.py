"""Cal.com's pages for administrators: off, or for listed addresses through one group alone."""

import unittest

from support import ROOT, deployed, of_type, template, walk
from test_network import INGRESS, NETWORK, SWITCHES

ADMIN = "calcom-admin.yaml"
GROUP = "sg-0123456789abcdef0"


def network(profile, egress, **parameters):
    return {"Resources": deployed(NETWORK, Profile=profile, Egress=egress, **parameters)}


class Off(unittest.TestCase):
    def test_it_is_off_unless_somebody_asks(self):
        its = template(NETWORK)["Parameters"]
        self.assertEqual(its["AdminAccess"]["Default"], "ssm")
        self.assertEqual(its["AdminSecurityGroupId"]["Default"], "")
        self.assertNotIn(ADMIN, (ROOT / "infra/samconfig.toml").read_text())

    def test_without_it_a_group_opens_nothing(self):
        for profile, egress in SWITCHES:
            plain = network(profile, egress)
            self.assertEqual(network(profile, egress, AdminSecurityGroupId=GROUP), plain)
            self.assertNotIn("LoadBalancerFromAdmin443", plain["Resources"])


class Allowlist(unittest.TestCase):
    def test_it_adds_one_path_by_reference_and_a_gateway_without_a_route(self):
        for profile, egress in SWITCHES:
            plain = network(profile, egress)["Resources"]
            ready = network(profile, egress, AdminAccess="allowlist")["Resources"]
            opened = network(
                profile, egress, AdminAccess="allowlist", AdminSecurityGroupId=GROUP
            )["Resources"]
            with self.subTest(profile=profile, egress=egress):
                gateway = {"InternetGateway", "InternetGatewayAttachment"}
                self.assertEqual(set(ready) - set(plain), gateway if egress == "sealed" else set())
                self.assertEqual(set(opened) - set(ready), {"LoadBalancerFromAdmin443"})
                self.assertEqual({n: opened[n] for n in plain}, plain)
                if egress == "sealed":
                    self.assertEqual(of_type({"Resources": opened}, "AWS::EC2::Route"), {})
                rule = opened["LoadBalancerFromAdmin443"]["Properties"]
                self.assertEqual(rule["SourceSecurityGroupId"], {"Ref": "AdminSecurityGroupId"})
                self.assertEqual(rule["GroupId"], {"Ref": "LoadBalancerSecurityGroup"})
                self.assertEqual((rule["FromPort"], rule["ToPort"]), (443, 443))
                for one in of_type({"Resources": opened}, INGRESS).values():
                    keys = set(one["Properties"])
                    self.assertFalse(keys & {"CidrIp", "CidrIpv6", "SourcePrefixListId"})

    def test_whoever_is_not_listed_is_blocked(self):
        acl = template(ADMIN)["Resources"]["WebAcl"]["Properties"]
        self.assertEqual((acl["Scope"], acl["DefaultAction"]), ("CLOUDFRONT", {"Block": {}}))
        lets_in = [r for r in acl["Rules"] if "Allow" in r.get("Action", {})]
        (rule,) = lets_in
        listed = {"IPSetReferenceStatement": {"Arn": {"Fn::GetAtt": ["AdminAddresses", "Arn"]}}}
        self.assertEqual(rule["Statement"], listed)
        its = template(ADMIN)["Parameters"]["Addresses"]
        self.assertEqual(its["Type"], "CommaDelimitedList")  # its pattern holds for each entry
        for good in ("192.0.2.10/32", "198.51.0.0/16"):
            self.assertRegex(good, f"^({its['AllowedPattern']})$")
        for bad in ("0.0.0.0/0", "10.0.0.0/8", "192.0.2.10", "::/0"):
            self.assertNotRegex(bad, f"^({its['AllowedPattern']})$")

    def test_the_distribution_leads_to_the_balancer_by_its_vpc_origin_alone(self):
        its = template(ADMIN)["Resources"]["Distribution"]["Properties"]["DistributionConfig"]
        (origin,) = its["Origins"]
        self.assertEqual(
            origin["VpcOriginConfig"]["VpcOriginId"], {"Fn::GetAtt": ["Balancer", "Id"]}
        )
        self.assertNotIn("CustomOriginConfig", origin)
        self.assertNotIn("CacheBehaviors", its)
        self.assertEqual(its["WebACLId"], {"Fn::GetAtt": ["WebAcl", "Arn"]})
        self.assertEqual(its["Aliases"], [{"Fn::Sub": "cal.${InternalDomain}"}])
        self.assertIs(its["IPV6Enabled"], False)
        config = template(ADMIN)["Resources"]["Balancer"]["Properties"]["VpcOriginEndpointConfig"]
        self.assertEqual(config["OriginProtocolPolicy"], "https-only")
        self.assertEqual(config["OriginSSLProtocols"], ["TLSv1.2"])

    def test_the_names_inside_stay_inside(self):
        for _, mapping in walk(template(ADMIN)["Resources"]):
            for value in mapping.values():
                self.assertNotRegex(str(value), r"calapi|hooks\.")

    def test_the_page_says_in_which_order(self):
        page = (ROOT / "docs/runbooks/calcom-admin.md").read_text()
        for name in ("AdminAccess", "AdminSecurityGroupId", "CloudFront-VPCOrigins-Service-SG"):
            self.assertIn(name, page)


if __name__ == "__main__":
    unittest.main()
