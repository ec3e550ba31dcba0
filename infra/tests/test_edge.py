"""What the distribution lets a page of the app ask for, and which page."""

import json
import unittest

from support import ROOT, deployed, of_type, template

EDGE = template("edge.yaml")
POLICY = "AWS::CloudFront::ResponseHeadersPolicy"


def content_policy(name):
    """The content security policy of a headers policy, by directive."""
    config = EDGE["Resources"][name]["Properties"]["ResponseHeadersPolicyConfig"]
    joined = config["SecurityHeadersConfig"].get("ContentSecurityPolicy", {})
    parts = joined.get("ContentSecurityPolicy", {}).get("Fn::Join", ["", []])[1]
    return {part.split()[0]: set(part.split()[1:]) for part in parts}


def served(policy):
    """The same of a line as `web/headers.json` has it."""
    return {part.split()[0]: set(part.split()[1:]) for part in policy.split("; ")}


class Films(unittest.TestCase):
    def test_only_the_watch_page_lets_youtube_in(self):
        distribution = deployed("edge.yaml")["Distribution"]["Properties"]["DistributionConfig"]
        by_path = {
            one["PathPattern"]: one["ResponseHeadersPolicyId"]["Ref"]
            for one in distribution["CacheBehaviors"]
        }
        self.assertEqual(by_path["/training/*"], "WatchHeaders")
        names = of_type(EDGE, POLICY)
        lets_in = {name for name in names if "youtube" in str(content_policy(name))}
        self.assertEqual(lets_in, {"WatchHeaders"})

    def test_it_lets_in_exactly_what_the_runner_does(self):
        headers = json.loads((ROOT / "web/headers.json").read_text())
        local = served(headers["under"]["/training/"]["content-security-policy"])
        edge = content_policy("WatchHeaders")
        for directive in ["script-src", "frame-src", "connect-src", "frame-ancestors"]:
            self.assertEqual(edge[directive], local[directive], directive)

    def test_the_runner_is_nowhere_laxer(self):
        headers = json.loads((ROOT / "web/headers.json").read_text())
        local = served(headers["everywhere"]["content-security-policy"])
        edge = content_policy("PageHeaders")
        self.assertEqual(local["script-src"], edge["script-src"])
        self.assertNotIn("frame-src", local)
        self.assertNotIn("frame-src", edge)


if __name__ == "__main__":
    unittest.main()
