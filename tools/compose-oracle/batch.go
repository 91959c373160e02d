package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"
)

// answer is one line of the batch mode: a project or an error, never both.
type answer struct {
	Folder  string          `json:"folder,omitempty"`
	Files   []string        `json:"files,omitempty"`
	Project json.RawMessage `json:"project,omitempty"`
	Error   string          `json:"error,omitempty"`
}

// longestLine bounds one job's line, in bytes.
const longestLine = 1 << 20

// runBatch answers the jobs on all cores and writes the answers in the order
// of the jobs, each as soon as it and all before it are known.
func runBatch(defaults job, limit time.Duration, stdin io.Reader, stdout, stderr io.Writer) int {
	type slot chan answer
	order := make(chan slot, 4*runtime.NumCPU())
	workers := make(chan struct{}, runtime.NumCPU())
	lines := bufio.NewScanner(stdin)
	lines.Buffer(nil, longestLine)
	go func() {
		defer close(order)
		for lines.Scan() {
			line := strings.TrimSpace(lines.Text())
			if line == "" {
				continue
			}
			s := make(slot, 1)
			order <- s
			workers <- struct{}{}
			go func() {
				s <- within(limit, func() answer { return answerLine(line, defaults) })
				<-workers
			}()
		}
	}()
	out := bufio.NewWriter(stdout)
	for s := range order {
		writeLine(out, <-s)
		if len(order) == 0 {
			out.Flush()
		}
	}
	out.Flush()
	if err := lines.Err(); err != nil {
		fmt.Fprintln(stderr, "reading jobs:", err)
		return 1
	}
	return 0
}

// within gives up on an answer after limit (0: never). What the library is
// still doing then ends with the process.
func within(limit time.Duration, find func() answer) answer {
	if limit == 0 {
		return find()
	}
	known := make(chan answer, 1)
	go func() { known <- find() }()
	select {
	case a := <-known:
		return a
	case <-time.After(limit):
		return answer{Error: fmt.Sprintf("no answer within %s", limit)}
	}
}

func answerLine(line string, defaults job) answer {
	j := job{Folder: line}
	if strings.HasPrefix(line, "{") {
		j = job{}
		if err := json.Unmarshal([]byte(line), &j); err != nil {
			return answer{Error: "job line: " + err.Error()}
		}
	}
	if j.Profiles == nil {
		j.Profiles = defaults.Profiles
	}
	if j.Env == nil {
		j.Env = defaults.Env
	}
	project, err := resolveInTime(j)
	if err != nil {
		return answer{Folder: j.Folder, Files: j.Files, Error: err.Error()}
	}
	return answer{Folder: j.Folder, Files: j.Files, Project: project}
}
