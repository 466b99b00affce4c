# What the gates share. Each gate: gate ROOT [BUILD]; prints every finding as file:line: text; exit 1 if there is one.
set -euo pipefail
root=$(cd "${1:-.}" && pwd)
build=${2:-$root/build/dev}
found=0

finding() {
    echo "$*"
    found=1
}

# Our own C files, as git or (in a copy without git) find sees them.
c_files() {
    (cd "$root" && find probes collector tests \( -name '*.c' -o -name '*.h' \) -not -path '*/node_modules/*' -not -path '*/build/*' | sort)
}

verdict() {
    [ $found = 0 ] || { echo "gate $(basename "$0"): failed"; exit 1; }
    echo "gate $(basename "$0"): $1"
}
