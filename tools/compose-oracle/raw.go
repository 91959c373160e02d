package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/compose-spec/compose-go/v2/dotenv"
)

// registerRawFormat adds the format `raw` of env files, which is not of the
// library but of the Docker Compose command: each line is NAME=VALUE, and the
// value is taken as it stands.
func registerRawFormat() {
	dotenv.RegisterFormat("raw", func(r io.Reader, filename string, vars map[string]string, lookup func(string) (string, bool)) error {
		lines := bufio.NewScanner(r)
		for lines.Scan() {
			line := strings.TrimLeftFunc(strings.TrimPrefix(lines.Text(), "\uFEFF"), unicode.IsSpace)
			if line == "" || line[0] == '#' {
				continue
			}
			name, value, ok := strings.Cut(line, "=")
			if name == "" || strings.ContainsAny(name, " \t") {
				return fmt.Errorf("%s: invalid variable name %q", filename, name)
			}
			if !ok {
				if value, ok = lookup(name); !ok {
					continue
				}
			}
			vars[name] = value
		}
		return lines.Err()
	})
}
