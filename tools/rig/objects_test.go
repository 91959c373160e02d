package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestSplitDocuments(t *testing.T) {
	for _, test := range []struct {
		about, text string
		lines       []int
	}{
		{"one document", "a: 1\n", []int{1}},
		{"a leading marker and comments", "# hello\n---\n# more\na: 1\n", []int{4}},
		{"two documents", "a: 1\n---\nb: 2\n", []int{1, 3}},
		{"blank and commented documents count nothing", "---\n---\n# none\n---\n\n", nil},
		{"content on the marker's line", "--- {a: 1}\n--- {b: 2}\n", []int{1, 2}},
		{"a marker with trailing blanks and CRLF", "a: 1\r\n--- \r\nb: 2\r\n", []int{1, 3}},
		{"dashes inside a block are no marker", "a: |\n  ---\n  b\n", []int{1}},
		{"a longer rule is no marker", "a: |\n  b\n----\n", []int{1}},
	} {
		var lines []int
		for _, d := range splitDocuments([]byte(test.text)) {
			lines = append(lines, d.line)
		}
		if !reflect.DeepEqual(lines, test.lines) {
			t.Errorf("%s: documents at %v, want %v", test.about, lines, test.lines)
		}
	}
}

func TestReadFolder(t *testing.T) {
	folder := t.TempDir()
	write := func(path, text string) {
		t.Helper()
		path = filepath.Join(folder, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	const configMap = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
	write("input/compose.yaml", "services: {}\n")
	write("kustomization.yaml", "resources: []\n")
	write("notes.txt", "not: read\n")
	write("expected/a.yaml", configMap)
	write("expected/again.yaml", "---\n"+configMap)
	write("expected/input/b.yaml", strings.Replace(configMap, "name: a", "name: b, namespace: shop", 1))
	write("expected/list.yml", "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: c}}\n- {apiVersion: v1, kind: Secret, metadata: {name: d}}\n")
	write("expected/values.yaml", "replicas: 1\n")
	write("expected/twice.yaml", "apiVersion: v1\nkind: ConfigMap\nkind: Secret\nmetadata: {name: e}\n")
	write("expected/nameless.yaml", "apiVersion: v1\nkind: ConfigMap\n")

	found, err := readFolder(folder)
	if err != nil {
		t.Fatal(err)
	}
	var objects, problems []string
	for _, o := range found.objects {
		objects = append(objects, o.String())
	}
	for _, p := range found.problems {
		problems = append(problems, filepath.Base(p.file))
	}
	if want := []string{"ConfigMap a", "ConfigMap shop/b", "Secret c", "Secret d"}; !reflect.DeepEqual(objects, want) {
		t.Errorf("objects %q, want %q", objects, want)
	}
	if want := []string{"nameless.yaml", "twice.yaml", "values.yaml", "again.yaml"}; !reflect.DeepEqual(problems, want) {
		t.Errorf("problems in %q, want %q", problems, want)
	}
	if found.skipped != 2 {
		t.Errorf("skipped %d files, want 2", found.skipped)
	}
}

func TestServiceClaims(t *testing.T) {
	got := exclusives("Service", []byte(`{"spec":{"clusterIP":"10.96.0.9","ports":[{"nodePort":30080},{"port":1}],"healthCheckNodePort":30090}}`))
	if want := []string{"cluster IP 10.96.0.9", "node port 30080", "node port 30090"}; !reflect.DeepEqual(got, want) {
		t.Errorf("claims %q, want %q", got, want)
	}
	if got := exclusives("Service", []byte(`{"spec":{"clusterIP":"None"}}`)); got != nil {
		t.Errorf("a headless Service claims %q", got)
	}
}
