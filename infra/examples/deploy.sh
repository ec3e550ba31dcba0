#!/bin/bash
# An example: what is built here, into one environment. Run in the root of the repository, with
# ENVIRONMENT and EXECUTION_ROLE_ARN, and zips in target/lambda and the web app in web/dist.
#
# Cal.com's two stacks, `calcom-images` and `network-calcom`, are not among these: between them
# stands a build, and a change of theirs may want Cal.com stopped. Where one of their templates
# changed they are deployed by hand, and before `api` (docs/UPGRADE.md).
set -euo pipefail

for stack in data api edge ops; do
  (cd infra && sam deploy --config-file samconfig.toml --config-env "$ENVIRONMENT.$stack" \
    --role-arn "$EXECUTION_ROLE_ARN" --no-confirm-changeset)
done

out() {
  aws cloudformation describe-stacks --region us-east-1 --output text \
    --stack-name "interlock-$ENVIRONMENT-edge" \
    --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue | [0]"
}
bucket=s3://$(out WebBucketName)
# Assets before the page that asks for them, and nothing is ever deleted.
aws s3 cp --only-show-errors --recursive web/dist/assets "$bucket/assets" \
  --cache-control 'public, max-age=31536000, immutable'
aws s3 cp --only-show-errors --recursive web/dist "$bucket/" \
  --exclude 'assets/*' --exclude index.html --exclude '.vite/*' \
  --cache-control 'public, max-age=3600'
aws s3 cp --only-show-errors web/dist/index.html "$bucket/index.html" --cache-control no-cache
aws cloudfront create-invalidation --paths / /index.html --distribution-id "$(out DistributionId)"
