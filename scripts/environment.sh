# Sourced by scripts that run readers from PyPI: `environment REQUIREMENTS FOLDER` makes FOLDER a virtual environment of
# Python with what REQUIREMENTS pins, unless it is that already.

environment() {
    if ! cmp -s "$1" "$2/requirements.txt"; then
        python3 -m venv --clear "$2"
        "$2/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement "$1"
        cp "$1" "$2/requirements.txt"
    fi
}
