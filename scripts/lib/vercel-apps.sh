# What the scripts for Vercel share: usage, the CLI, and the linked apps of the monorepo.

apps_dir='apps'
apps=()
skipped=0

wrong_usage() {
  echo "$1" >&2
  usage >&2
  exit 2
}

fail() {
  echo "$1" >&2
  exit 1
}

require_vercel() {
  command -v vercel >/dev/null || fail 'The Vercel CLI is not installed: npm install --global vercel'
  vercel whoami >/dev/null 2>&1 </dev/null || fail 'Not logged in to Vercel: run "vercel login"'
}

find_apps() {
  local app
  for app in "$apps_dir"/*/; do
    [[ -d $app ]] || continue
    app=${app%/}
    if [[ -f $app/.vercel/project.json ]]; then
      apps+=("$app")
    else
      echo "$app: not linked, skipped (run \"vercel link\" there)"
      skipped=$((skipped + 1))
    fi
  done
  [[ ${#apps[@]} -gt 0 ]] || fail "No linked app in $apps_dir: run \"vercel link\" in each app"
}
