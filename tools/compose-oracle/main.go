// Command compose-oracle says what Docker Compose's own reader makes of a
// compose file.
//
//	compose-oracle -f FILE… [--project-directory DIR] [--profile P]… [--env K=V]…
//	compose-oracle --batch [--limit TIME] [--profile P]… [--env K=V]… < folders
//
// The first form prints the resolved project as JSON (what `docker compose
// config` prints, with the variables of `env_file` in `environment`) and exits
// 0, or prints {"error": "…"} and exits 1. The second reads one job per line, either the
// path of a folder (its compose file is discovered as Compose does, without
// climbing to parent folders) or a JSON object
//
//	{"folder": "…", "files": ["…"], "profiles": ["…"], "env": {"K": "V"}}
//
// and prints one JSON line per job in the order of the jobs,
// {"folder": "…", "project": {…}} or {"folder": "…", "error": "…"}, and exits
// 0 when every line was answered, whatever the answers are. Lines beside the
// JSON (Compose's warnings) go to stderr. A project that takes longer than ten
// seconds is answered with an error that begins with "time limit".
//
// The environment of the calling process is not seen: only --env and the
// project's .env count, so that equal input gives an equal answer.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/compose-spec/compose-go/v2/consts"
	"github.com/sirupsen/logrus"
)

// list collects a flag that may be given several times.
type list []string

func (l *list) String() string     { return strings.Join(*l, ",") }
func (l *list) Set(s string) error { *l = append(*l, s); return nil }

func main() {
	registerRawFormat()
	os.Unsetenv(consts.ComposeDisableDefaultEnvFile) // the one variable the library reads itself
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	var files, profiles, env list
	flags := flag.NewFlagSet("compose-oracle", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Var(&files, "f", "compose `FILE`; may be given several times")
	flags.Var(&profiles, "profile", "active `PROFILE`; may be given several times")
	flags.Var(&env, "env", "variable `K=V`; may be given several times")
	folder := flags.String("project-directory", "", "the project's `DIR` (default: the first file's folder)")
	batch := flags.Bool("batch", false, "read one folder or JSON job per line from stdin")
	limit := flags.Duration("limit", 0, "with --batch: give up on a job after this `TIME` (0: never)")
	quiet := flags.Bool("quiet", false, "drop Compose's warnings")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	logrus.SetOutput(stderr)
	if *quiet {
		logrus.SetOutput(io.Discard)
	}
	variables, err := splitVariables(env)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 2
	}
	defaults := job{Folder: *folder, Files: files, Profiles: profiles, Env: variables}
	if *batch {
		return runBatch(defaults, *limit, stdin, stdout, stderr)
	}
	if len(files) == 0 && flags.NArg() == 1 {
		defaults.Folder = flags.Arg(0)
	} else if len(files) == 0 || flags.NArg() > 0 {
		fmt.Fprintln(stderr, "give compose files with -f, one folder, or --batch")
		return 2
	}
	return runOne(defaults, stdout)
}

func runOne(j job, stdout io.Writer) int {
	project, err := resolveInTime(j)
	if err != nil {
		writeLine(stdout, map[string]string{"error": err.Error()})
		return 1
	}
	stdout.Write(append(project, '\n'))
	return 0
}

// splitVariables reads K=V pairs; a later pair wins over an earlier one.
func splitVariables(pairs []string) (map[string]string, error) {
	variables := map[string]string{}
	for _, pair := range pairs {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("--env `%s`: write it as NAME=value", pair)
		}
		variables[name] = value
	}
	return variables, nil
}

func writeLine(w io.Writer, value any) {
	line, err := json.Marshal(value)
	if err != nil {
		line, _ = json.Marshal(map[string]string{"error": err.Error()})
	}
	w.Write(append(line, '\n'))
}
