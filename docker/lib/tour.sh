# shellcheck shell=bash
# What a user does, over HTTP only: sign in, upload an archive, follow its build, create an app, deploy it, ask it something.
# Needs steps.sh and installation.sh. The tour is made once; later runs only look whether the sample still answers.

TOUR_APP=hello
TOUR_VERSION=1.0

tour() {
  TOUR=$DINP_HOME/tour
  TOUR_URL=http://$TOUR_APP.$DINP_DOMAIN:$DINP_PORT_ROUTER/
  if [[ ! -e $TOUR/done ]]; then
    step "Sign in at the dashboard as root" tour_sign_in
    step "Upload the sample archive and build it" tour_build
    step "Create the app $TOUR_APP" tour_create
    step "Deploy two instances" tour_deploy
  fi
  step "Ask the sample app" tour_ask
}

# browse …: curl as one browser, with its cookies.
browse() { curl -sS -m 20 -b "$TOUR/cookies" -c "$TOUR/cookies" -H 'Accept: text/html' "$@"; }

# hidden_fields PAGE: "name=value" of each hidden field of a form.
hidden_fields() {
  grep -o '<input type="hidden"[^>]*>' "$1" | sed -E 's/.*name="([^"]*)" value="([^"]*)".*/\1=\2/; s/&amp;/\&/g; s/&quot;/"/g; s/&#39;/'"'"'/g'
}

csrf() { hidden_fields "$1" | sed -n 's/^csrf=//p' | head -n 1; }

# said PAGE: the text of a page, for a person who has to find out why.
said() { sed -e 's/<[^>]*>/ /g' "$1" | tr -s ' \n' | cut -c1-400; }

tour_sign_in() {
  local form url field data=()
  packages_need jq=jq
  mkdir -p "$TOUR"
  chmod 700 "$TOUR"
  rm -f "$TOUR/cookies"
  form=$TOUR/login.html
  url=$(browse -L -o "$form" -w '%{url_effective}' "$(local_url "$DINP_PORT_DASH")/")
  while read -r field; do data+=(--data-urlencode "$field"); done < <(hidden_fields "$form")
  url=$(browse -L -o "$TOUR/home.html" -w '%{url_effective}' "${data[@]}" \
    --data-urlencode name=root --data-urlencode "password@$SECRETS/root-password" "$url")
  if [[ $url != "$(local_url "$DINP_PORT_DASH")"/* || -z $(csrf "$TOUR/home.html") ]]; then
    evidence "$(daemon_log uic)"
    fail "the sign-in ended at $url: $(said "$TOUR/home.html")" "sign in by hand with the password in $SECRETS/root-password"
  fi
}

tour_build() {
  local builder url
  builder=$(local_url "$DINP_PORT_BUILDER")
  "$IMAGES_DIR/samples/pack.sh" "$TOUR_APP" "$TOUR_VERSION" "$TOUR/$TOUR_APP.tar.gz"
  browse -L -o "$TOUR/form.html" "$builder/"
  url=$(browse -o "$TOUR/build.html" -w '%{redirect_url}' -F "csrf=$(csrf "$TOUR/form.html")" -F "app=$TOUR_APP" \
    -F "version=$TOUR_VERSION" -F base=gunicorn -F resume=sample -F "file=@$TOUR/$TOUR_APP.tar.gz" "$builder/build")
  if [[ $url != */progress/* ]]; then
    evidence "$(daemon_log builder)"
    fail "the builder did not take the archive: $(said "$TOUR/build.html")" "try it by hand at $builder/"
  fi
  build_follow "$builder/log/${url##*/}"
  jq -er .data.build.image "$TOUR/build.json" >"$TOUR/image"
}

# build_follow URL: shows new lines of the log until the build has ended.
build_follow() {
  local shown=0 line lines status
  while :; do
    browse -H 'Accept: application/json' -o "$TOUR/build.json" "$1"
    mapfile -t lines < <(jq -r '.data.log' "$TOUR/build.json" | sed 's/<br>/\n/g; s/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&amp;/\&/g')
    status=$(jq -r .data.build.status "$TOUR/build.json")
    for line in "${lines[@]:shown}"; do
      if [[ -n $line ]]; then live "$line"; fi
    done
    shown=${#lines[@]}
    case $status in
      successfully) return 0 ;;
      failed*)
        evidence "$(daemon_log builder)"
        fail "the build failed: $status" "read its log above"
        ;;
    esac
    sleep 0.3
  done
}

# dash_post PATH FIELD…: a change as a script makes it; the answer is JSON whose msg is empty when all is well.
dash_post() {
  local path=$1 msg field data=()
  shift
  for field in "$@"; do data+=(--data-urlencode "$field"); done
  curl -sS -m 20 -b "$TOUR/cookies" -H 'Accept: application/json' -H "X-Csrf-Token: $(csrf "$TOUR/home.html")" \
    -o "$TOUR/answer.json" "${data[@]}" "$(local_url "$DINP_PORT_DASH")$path"
  msg=$(jq -r .msg "$TOUR/answer.json" 2>/dev/null) || msg=$(said "$TOUR/answer.json")
  if [[ -n $msg ]]; then
    evidence "$(daemon_log dash)"
    fail "the dashboard refused $path: $msg" "try it by hand at $(local_url "$DINP_PORT_DASH")"
  fi
}

tour_create() {
  if [[ -s $TOUR/app ]]; then return 0; fi
  dash_post /app/create "name=$TOUR_APP" health=/health memory=128
  jq -er .id "$TOUR/answer.json" >"$TOUR/app"
}

tour_deploy() {
  dash_post "/app/deploy/$(<"$TOUR/app")" "image=$(<"$TOUR/image")" memory=128 instance=2 resume=sample
  await 90 tour_routed || {
    jq . "$TOUR/status.json" >"$STEP_DIR/status.json" 2>&1 || cp "$TOUR/status.json" "$STEP_DIR/status.json"
    evidence "$STEP_DIR/status.json"
    fail "no two routed instances after 90 s" "read $(daemon_log server) and $(daemon_log agent)"
  }
  touch "$TOUR/done"
}

tour_routed() {
  curl -sS -m 5 -b "$TOUR/cookies" -H 'Accept: application/json' -o "$TOUR/status.json" \
    "$(local_url "$DINP_PORT_DASH")/api/status/$(<"$TOUR/app")"
  jq -e '[.instances[] | select(.routed)] | length == 2' "$TOUR/status.json" >/dev/null 2>&1
}

tour_ask() {
  local code
  note "curl $TOUR_URL"
  await 10 tour_answers || {
    code=$(curl -s -m 5 -o /dev/null -w '%{http_code}' "$TOUR_URL")
    if [[ $code == 404 ]]; then
      note "404: the sample has been deleted, and is not made again"
      return 0
    fi
    evidence "$(daemon_log router)"
    fail "the router answers $code for $TOUR_URL" "docker/quickstart.sh status"
  }
  note "$(<"$TOUR/answer")"
}

tour_answers() { curl -sf -m 5 -o "$TOUR/answer" "$TOUR_URL"; }
