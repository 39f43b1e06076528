#!/usr/bin/env bash
# Prints new values of both encryption keys in the format of an env file:
#
#   scripts/generate-encryption-keys.sh > .env.local
#
# With --rotate: the next value of INTEGRATION_ENCRYPTION_KEY, and what to do with it.
set -euo pipefail

usage() {
  echo "Usage: $(basename "$0") > .env.local"
  echo "       $(basename "$0") --rotate"
  echo
  echo 'Prints INTEGRATION_ENCRYPTION_KEY (base64 of 32 random bytes) and'
  echo 'SHOPIFY_TOKEN_ENCRYPTION_KEY (64 hexadecimal characters). Nothing else goes to standard output.'
  echo
  echo 'With --rotate it prints INTEGRATION_ENCRYPTION_KEY_NEXT, which goes beside the key that is in use.'
}

# 32 bytes from a cryptographically secure source.
random_bytes() {
  if command -v openssl >/dev/null; then
    openssl rand 32
  elif command -v node >/dev/null; then
    node -e "process.stdout.write(require('node:crypto').randomBytes(32))"
  elif [[ -r /dev/urandom ]]; then
    head -c 32 /dev/urandom
  fi
}

rotate=false
case "${1:-}" in
  '') ;;
  --rotate) rotate=true ;;
  -h | --help)
    usage
    exit 0
    ;;
  *)
    usage >&2
    exit 2
    ;;
esac

# Both are made before either is printed, so that a failure leaves no half of an env file.
integration_key=$(random_bytes | base64 | tr -d '\n')
shopify_key=$(random_bytes | od -An -v -tx1 | tr -d ' \n')
if [[ ${#integration_key} -ne 44 || ! $shopify_key =~ ^[0-9a-f]{64}$ ]]; then
  echo 'No source of secure random numbers: install openssl or Node.js.' >&2
  exit 1
fi
# A file that they go to is for its owner only.
if [[ -f /dev/stdout ]]; then
  chmod 600 /dev/stdout 2>/dev/null || true
fi
if [[ $rotate == true ]]; then
  echo '# Step 1, in every app: beside INTEGRATION_ENCRYPTION_KEY as it is'
  echo "INTEGRATION_ENCRYPTION_KEY_NEXT=$integration_key"
  echo '# Step 2: INTEGRATION_ENCRYPTION_KEY gets this value, and INTEGRATION_ENCRYPTION_KEY_PREVIOUS the one before'
  exit 0
fi
printf 'INTEGRATION_ENCRYPTION_KEY=%s\nSHOPIFY_TOKEN_ENCRYPTION_KEY=%s\n' \
  "$integration_key" "$shopify_key"
