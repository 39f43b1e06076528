#!/usr/bin/env bash
# Adds both encryption keys to every linked Vercel app of the monorepo. See --help.
set -euo pipefail
# shellcheck source=scripts/lib/vercel-apps.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/vercel-apps.sh"

readonly REQUIRED=(INTEGRATION_ENCRYPTION_KEY SHOPIFY_TOKEN_ENCRYPTION_KEY)
# Of a rotation under way: added where a value is given, and never made up.
readonly OPTIONAL=(
  INTEGRATION_ENCRYPTION_KEY_NEXT
  INTEGRATION_ENCRYPTION_KEY_PREVIOUS
  SHOPIFY_TOKEN_ENCRYPTION_KEY_PREVIOUS
)
readonly NAMES=("${REQUIRED[@]}" "${OPTIONAL[@]}")
readonly ENVIRONMENTS=(production preview development)

usage() {
  cat <<'TEXT'
Usage: add-encryption-keys-to-vercel.sh [--force] [--dry-run] [--env-file FILE] [--apps-dir DIR]

Adds INTEGRATION_ENCRYPTION_KEY and SHOPIFY_TOKEN_ENCRYPTION_KEY to each linked app under apps/*
(one that has .vercel/project.json) for production, preview and development; while keys are rotated,
also INTEGRATION_ENCRYPTION_KEY_NEXT, …_PREVIOUS and SHOPIFY_TOKEN_ENCRYPTION_KEY_PREVIOUS, if given.

The values are those of the environment, else those of --env-file, else new ones, the same for all
apps: they share one database. A key that exists is kept, because credentials encrypted under it
could not be read under another; --force replaces it. Never prints a key.

  --force          replace existing keys
  --dry-run        say what would be done
  --env-file FILE  take the values from FILE (NAME=value lines)
  --apps-dir DIR   look for apps in DIR instead of apps

Exit status: 0 every key is in place, 1 something failed, 2 wrong usage.
TEXT
}

force=false
dry_run=false
env_file=''
added=0 kept=0 failed=0
# The values that were given, by name, and what each target has already: yes, no or unknown.
declare -A value=() given=() present=()

main() {
  read_arguments "$@"
  require_vercel
  read_given_values
  find_apps
  list_existing
  local name
  for name in "${REQUIRED[@]}"; do
    add_variable "$name"
  done
  for name in "${OPTIONAL[@]}"; do
    if [[ -n ${given[$name]:-} ]]; then
      add_variable "$name"
    fi
  done
  echo "Added $added, kept $kept, failed $failed, skipped apps $skipped."
  [[ $failed -eq 0 ]]
}

read_arguments() {
  while [[ $# -gt 0 ]]; do
    case "$1" in
      --force) force=true ;;
      --dry-run) dry_run=true ;;
      --env-file | --apps-dir)
        [[ $# -ge 2 ]] || wrong_usage "$1 needs a value"
        if [[ $1 == --env-file ]]; then env_file=$2; else apps_dir=$2; fi
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
}

read_given_values() {
  local name
  for name in "${NAMES[@]}"; do
    value[$name]=${!name:-}
    if [[ -z ${value[$name]} && -n $env_file ]]; then
      [[ -r $env_file ]] || fail 'The file of --env-file can not be read'
      value[$name]=$(value_in_env_file "$name")
    fi
    if [[ -n ${value[$name]} ]]; then
      given[$name]=yes
      check_value "$name"
    fi
  done
}

value_in_env_file() {
  sed -n "s/^\(export \)\{0,1\}$1=//p" "$env_file" | tail -n 1 | sed 's/^"\(.*\)"$/\1/; s/\r$//'
}

check_value() {
  case "$1" in
    INTEGRATION_ENCRYPTION_KEY)
      [[ ${#value[$1]} -ge 32 ]] || fail "$1 must be at least 32 characters"
      ;;
    INTEGRATION_ENCRYPTION_KEY_*)
      # One key or a JSON array of keys.
      [[ ${#value[$1]} -ge 32 ]] || fail "$1 must be at least 32 characters"
      ;;
    SHOPIFY_TOKEN_ENCRYPTION_KEY_PREVIOUS)
      [[ ${value[$1]} =~ ^(\[.*\]|[0-9a-fA-F]{64})$ ]] || fail "$1 must be 64 hexadecimal characters"
      ;;
    SHOPIFY_TOKEN_ENCRYPTION_KEY)
      [[ ${value[$1]} =~ ^[0-9a-fA-F]{64}$ ]] || fail "$1 must be 64 hexadecimal characters"
      ;;
  esac
}

# A listing that fails says nothing of what is there: such a target is left alone.
list_existing() {
  local app environment listing name
  for app in "${apps[@]}"; do
    for environment in "${ENVIRONMENTS[@]}"; do
      if listing=$(vercel env ls "$environment" --cwd "$app" 2>/dev/null </dev/null); then
        for name in "${NAMES[@]}"; do
          present["$app/$environment/$name"]=no
          # The name is the first word of its line.
          if awk -v name="$name" '$1 == name { found = 1 } END { exit !found }' <<<"$listing"; then
            present["$app/$environment/$name"]=yes
          fi
        done
      else
        echo "$app $environment: the existing variables can not be listed, nothing is added there" >&2
        for name in "${NAMES[@]}"; do
          present["$app/$environment/$name"]=unknown
        done
      fi
    done
  done
}

add_variable() {
  local name=$1 app environment
  if would_differ "$name"; then
    return
  fi
  if [[ -z ${value[$name]} ]]; then
    generate_value "$name"
  fi
  for app in "${apps[@]}"; do
    for environment in "${ENVIRONMENTS[@]}"; do
      add_to_target "$name" "$app" "$environment"
    done
  done
}

# Without a given value, a new one would not be the one that other targets keep.
would_differ() {
  local name=$1 target existing='' missing=0
  [[ -z ${given[$name]:-} && $force == false ]] || return 1
  for target in "${!present[@]}"; do
    [[ $target == */"$name" ]] || continue
    case "${present[$target]}" in
      no) missing=$((missing + 1)) ;;
      *) existing=${target%/*} ;;
    esac
  done
  [[ -n $existing && $missing -gt 0 ]] || return 1
  echo "$name: set or unreadable in $existing but missing elsewhere. All apps must share one value, and Vercel's can not be read back here: pass it in the environment or with --env-file." >&2
  failed=$((failed + missing))
  return 0
}

generate_value() {
  local script
  script=$(dirname "${BASH_SOURCE[0]}")/generate-encryption-keys.sh
  value[$1]=$("$script" | sed -n "s/^$1=//p")
  check_value "$1"
}

add_to_target() {
  local name=$1 app=$2 environment=$3 flags=()
  case "${present["$app/$environment/$name"]}" in
    unknown)
      failed=$((failed + 1))
      return
      ;;
    yes)
      if [[ $force == false ]]; then
        echo "$app $environment: $name exists, kept (credentials are encrypted under it; --force replaces it)"
        kept=$((kept + 1))
        return
      fi
      flags=(--force)
      ;;
  esac
  if [[ $dry_run == true ]]; then
    echo "$app $environment: $name would be added"
    added=$((added + 1))
    return
  fi
  local output
  # On standard input: arguments can be seen in the list of processes.
  if output=$(printf '%s' "${value[$name]}" |
    vercel env add "$name" "$environment" "${flags[@]}" --cwd "$app" 2>&1); then
    echo "$app $environment: $name added"
    added=$((added + 1))
  else
    echo "$app $environment: $name could not be added: $(redact <<<"$output")" >&2
    failed=$((failed + 1))
  fi
}

redact() {
  local text name
  text=$(tr '\n' ' ')
  for name in "${NAMES[@]}"; do
    if [[ -n ${value[$name]} ]]; then
      text=${text//"${value[$name]}"/[redacted]}
    fi
  done
  echo "$text"
}

main "$@"
