#!/usr/bin/env bash
# What Prometheus itself says of /metrics, of the alert rules and of the dashboard: a demo is scraped by a real
# server, and every query that is handed on must answer something there.
#
#   tests/checks/prometheus.sh target/debug/gatherd
set -euo pipefail
program="$(realpath "$1")"
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
rules=packaging/prometheus

missing=0
for tool in prometheus promtool curl; do
    command -v "$tool" >/dev/null || missing=1
done
if ((missing)); then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends prometheus curl >/dev/null
fi

promtool check rules "$rules/gatherd.rules.yml"
promtool test rules "$rules/gatherd.test.yml"

place="$(mktemp -d)"
started=()
# Not the last check's exit code: that of whatever ended this.
end() {
    for process in "${started[@]}"; do
        kill "$process" 2>/dev/null || true
    done
    wait
    rm -rf "$place"
}
trap end EXIT

"$program" demo --groups 12 --database "$place/demo.db" >"$place/demo.txt" 2>"$place/demo.log" &
started+=($!)
site=""
for _ in $(seq 600); do
    site="$(sed -n 's|.*open http://\([0-9.:]*\)/$|\1|p' "$place/demo.txt")"
    if [[ -n "$site" ]] && curl --silent --fail "http://$site/metrics" --output "$place/metrics.txt" &&
        grep -q '^gatherd_groups{' "$place/metrics.txt"; then
        break
    fi
    kill -0 "${started[0]}" || { cat "$place/demo.log" >&2; exit 1; }
    sleep 0.2
done
promtool check metrics <"$place/metrics.txt"
curl --silent --fail --header 'Accept: application/openmetrics-text; version=1.0.0' "http://$site/metrics" |
    tail -n 1 | grep -qx '# EOF'

cp "$rules/gatherd.rules.yml" "$place/"
cat >"$place/prometheus.yml" <<END
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [gatherd.rules.yml]
scrape_configs:
  - job_name: gatherd
    static_configs: [{targets: ["$site"]}]
END
promtool check config "$place/prometheus.yml" >/dev/null
# A port that is free now is free a moment later.
port="$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
prometheus --config.file "$place/prometheus.yml" --storage.tsdb.path "$place/tsdb" \
    --web.listen-address "127.0.0.1:$port" --log.level error &
started+=($!)
python3 tests/checks/prometheus_queries.py "http://127.0.0.1:$port" packaging/grafana/gatherd.json
