package main

import (
	"fmt"
	"io"
	"strings"
)

// finding is what one server said about one object.
type finding struct {
	object   *object
	step     string // which step refused it: "dry run" or "apply"
	refusal  string // empty when it was accepted
	warnings []string
}

// report is one server's verdict.
type report struct {
	version  string
	findings []finding // one for each object, in the order of folders and files
}

// writeReports prints a line for each refusal and warning and a closing line
// for each server. A warning fails its object only when strict.
func writeReports(w io.Writer, cases []contents, reports []report, strict bool) error {
	unreadable, skipped := 0, 0
	for _, c := range cases {
		for _, p := range c.problems {
			fmt.Fprintf(w, "%s: unreadable: %s\n", p.place, oneLine(p.message))
		}
		unreadable += len(c.problems)
		skipped += c.skipped
	}
	failed := 0
	for _, r := range reports {
		failed += r.writeFindings(w, strict)
	}
	for _, r := range reports {
		bad := r.failures(strict)
		fmt.Fprintf(w, "Kubernetes %s: %d passed, %d failed%s\n", r.version, len(r.findings)-bad, bad+unreadable, note(skipped))
	}
	if failed+unreadable > 0 {
		return errRefused
	}
	return nil
}

func (r report) writeFindings(w io.Writer, strict bool) int {
	for _, f := range r.findings {
		for _, text := range f.warnings {
			fmt.Fprintf(w, "%s: %s: warning by Kubernetes %s: %s\n", f.object.place, f.object, r.version, oneLine(text))
		}
		if f.refusal != "" {
			fmt.Fprintf(w, "%s: %s: refused by Kubernetes %s (%s): %s\n", f.object.place, f.object, r.version, f.step, oneLine(f.refusal))
		}
	}
	return r.failures(strict)
}

func (r report) failures(strict bool) int {
	count := 0
	for _, f := range r.findings {
		if f.refusal != "" || strict && len(f.warnings) > 0 {
			count++
		}
	}
	return count
}

func note(skipped int) string {
	if skipped == 0 {
		return ""
	}
	return fmt.Sprintf(" (%d files of other tools or under input/ not looked at)", skipped)
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
