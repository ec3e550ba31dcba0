#!/bin/sh
# Prints keys for Cal.com as the secret CalcomKeys holds them (docs/SECRETS.md); keeps nothing.
set -eu
umask 077
pair=$(mktemp)
trap 'rm -f "$pair"' EXIT
openssl ecparam -name prime256v1 -genkey -noout -out "$pair"
# Keys of web push are raw: the point without the header of its DER, and the number alone.
raw() { base64 | tr '+/' '-_' | tr -d '=\n'; }
public=$(openssl ec -in "$pair" -pubout -outform DER 2>/dev/null | tail -c 65 | raw)
private=$(openssl ec -in "$pair" -outform DER 2>/dev/null | tail -c +8 | head -c 32 | raw)
cat <<JSON
{
  "NEXTAUTH_SECRET": "$(openssl rand -base64 32)",
  "CALENDSO_ENCRYPTION_KEY": "$(openssl rand -base64 24)",
  "JWT_SECRET": "$(openssl rand -base64 32)",
  "NEXT_PUBLIC_VAPID_PUBLIC_KEY": "$public",
  "VAPID_PRIVATE_KEY": "$private"
}
JSON
