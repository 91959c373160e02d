package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func project(t *testing.T, text string) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "compose.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return folder
}

func ask(t *testing.T, stdin string, args ...string) (int, string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := run(args, strings.NewReader(stdin), &stdout, &stderr)
	return code, stdout.String()
}

const good = "services: {web: {image: 'nginx:${TAG:-none}'}, dev: {image: a, profiles: [dev]}}\n"

func TestOneProject(t *testing.T) {
	t.Setenv("TAG", "from-the-process")
	file := filepath.Join(project(t, good), "compose.yaml")
	code, out := ask(t, "", "-f", file)
	if code != 0 || !strings.Contains(out, `"nginx:none"`) || strings.Contains(out, `"dev"`) {
		t.Errorf("exit %d: %s", code, out)
	}
	code, out = ask(t, "", "-f", file, "--env", "TAG=2", "--profile", "dev")
	if code != 0 || !strings.Contains(out, `"nginx:2"`) || !strings.Contains(out, `"dev"`) {
		t.Errorf("with variable and profile: exit %d: %s", code, out)
	}
}

func TestRefusedProject(t *testing.T) {
	code, out := ask(t, "", "-f", filepath.Join(project(t, "services: {web: {imagee: a}}\n"), "compose.yaml"))
	if code != 1 || !strings.HasPrefix(out, `{"error":`) || !strings.Contains(out, "imagee") {
		t.Errorf("exit %d: %s", code, out)
	}
}

func TestBatchKeepsTheOrder(t *testing.T) {
	a, b, empty := project(t, good), project(t, "services: 1\n"), t.TempDir()
	jobs := a + "\n" + b + "\n\n" + empty + "\n" + `{"folder":"` + a + `","env":{"TAG":"9"}}` + "\n{\n"
	code, out := ask(t, jobs, "--batch", "--env", "TAG=1")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	wanted := []string{`nginx:1"`, `"error":`, "no configuration file", `nginx:9"`, `"error":"job line`}
	if code != 0 || len(lines) != len(wanted) {
		t.Fatalf("exit %d: %q", code, lines)
	}
	for i, want := range wanted {
		if !strings.Contains(lines[i], want) {
			t.Errorf("line %d is %s, want %s in it", i, lines[i], want)
		}
	}
}

func TestBatchKeepsToTheLimit(t *testing.T) {
	code, out := ask(t, project(t, good)+"\n", "--batch", "--limit", "1h")
	if code != 0 || !strings.Contains(out, "nginx:none") {
		t.Errorf("exit %d: %s", code, out)
	}
	never := make(chan answer)
	late := within(time.Millisecond, func() answer { return <-never })
	if late.Error != "no answer within 1ms" {
		t.Errorf("what never ends is answered by %+v", late)
	}
}
