#!/usr/bin/env bash
# Pulls the environment of every linked Vercel app of the monorepo into its .env.local. See --help.
set -euo pipefail
# shellcheck source=scripts/lib/vercel-apps.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/vercel-apps.sh"

readonly KEY=INTEGRATION_ENCRYPTION_KEY

usage() {
  cat <<'TEXT'
Usage: pull-env-from-vercel.sh [--environment NAME] [--apps-dir DIR]

Writes the variables that Vercel has for each linked app under apps/* (one that has
.vercel/project.json) to the app's .env.local, which only you can read. Variables that only the file has
stay in it. A file that git does not ignore is not written. Never prints a value.

  --environment NAME  development (the default), preview or production
  --apps-dir DIR      look for apps in DIR instead of apps

Exit status: 0 every file is written, 1 something failed, 2 wrong usage.
TEXT
}

environment='development'
pulled=0 failed=0
# What is pulled and not yet in place.
work=''
trap '[[ -z $work ]] || rm -rf "$work"' EXIT

main() {
  read_arguments "$@"
  require_vercel
  find_apps
  umask 077
  local app
  for app in "${apps[@]}"; do
    if pull_app "$app"; then
      pulled=$((pulled + 1))
    else
      failed=$((failed + 1))
    fi
  done
  echo "Pulled $pulled, failed $failed, skipped apps $skipped."
  [[ $failed -eq 0 ]]
}

read_arguments() {
  while [[ $# -gt 0 ]]; do
    case "$1" in
      --environment | --apps-dir)
        [[ $# -ge 2 ]] || wrong_usage "$1 needs a value"
        if [[ $1 == --environment ]]; then environment=$2; else apps_dir=$2; fi
        shift
        ;;
      -h | --help)
        usage
        exit 0
        ;;
      *) wrong_usage "unknown argument" ;;
    esac
    shift
  done
  [[ $environment =~ ^(development|preview|production)$ ]] || wrong_usage 'unknown environment'
}

pull_app() {
  local app=$1
  if git -C "$app" rev-parse --git-dir >/dev/null 2>&1 &&
    ! git -C "$app" check-ignore -q .env.local; then
    echo "$app: git does not ignore .env.local, nothing is written (add it to .gitignore)" >&2
    return 1
  fi
  # Beside the file, so that it takes the file's place in one step.
  work=$(mktemp -d "$app/.env.local.XXXXXX") || return 1
  if pull_into "$work" "$app" && mv "$work/new" "$app/.env.local"; then
    rm -r "$work"
    report "$app"
  else
    rm -r "$work"
    echo "$app: the variables cannot be pulled, .env.local is as it was" >&2
    return 1
  fi
}

# What the CLI says is not shown: it may quote values.
pull_into() {
  local folder=$1 app=$2
  vercel env pull "$(cd "$folder" && pwd)/pulled" --environment "$environment" --yes --cwd "$app" \
    >/dev/null 2>&1 </dev/null || return 1
  [[ -s $folder/pulled ]] || return 1
  {
    cat "$folder/pulled"
    only_local "$app/.env.local" "$folder/pulled"
  } >"$folder/new"
}

# The variables of a file that another one lacks, with the further lines of their values.
only_local() {
  [[ -f $1 ]] || return 0
  local name line keep=false
  while IFS= read -r line || [[ -n $line ]]; do
    name=$(sed -nE 's/^(export )?([A-Za-z_][A-Za-z0-9_]*)=.*/\2/p' <<<"$line")
    if [[ -n $name ]]; then
      if grep -qE "^(export )?$name=" "$2"; then keep=false; else keep=true; fi
    elif [[ -z $line || $line == '#'* ]]; then
      keep=false
    fi
    if [[ $keep == true ]]; then printf '%s\n' "$line"; fi
  done <"$1"
}

report() {
  echo "$1: .env.local has the variables of $environment"
  grep -qE "^$KEY=.+" "$1/.env.local" ||
    echo "$1: $KEY is not among them (scripts/add-encryption-keys-to-vercel.sh adds it)"
}

main "$@"
