package main

import (
	"slices"
	"testing"
)

func read(t *testing.T, text string) []object {
	t.Helper()
	objects, err := parse("a.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

const flat = `apiVersion: v1
kind: ConfigMap
metadata:
  name: a
data:
  one: "1"
  list: ["u", "v"]
  text: |
    ends with a line break
`

func TestDifferencesAreFound(t *testing.T) {
	rows := []struct {
		name, rendered string
		expected       []string
	}{
		{"the order of keys does not count", `kind: ConfigMap
apiVersion: v1
data: {text: "ends with a line break\n", list: [u, v], one: "1"}
metadata: {name: a}
`, nil},
		{"the order of lists does", `apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data: {one: "1", list: ["v", "u"], text: "ends with a line break\n"}
`, []string{
			`a.yaml: ConfigMap a: .data.list[0] is "u", rendered "v"`,
			`a.yaml: ConfigMap a: .data.list[1] is "v", rendered "u"`,
		}},
		{"types and what is missing", `apiVersion: v1
kind: ConfigMap
metadata: {name: a, namespace: b}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data: {one: 1, list: [u, v], more: ""}
`, []string{
			`a.yaml: ConfigMap a: .data.more is missing, rendered ""`,
			`a.yaml: ConfigMap a: .data.one is "1", rendered 1`,
			`a.yaml: ConfigMap a: .data.text is "ends with a line break\n", rendered missing`,
			`ConfigMap b/a: rendered, and there is no manifest of it`,
		}},
		{"an object is missing", "", []string{"a.yaml: ConfigMap a is not rendered"}},
	}
	for _, row := range rows {
		found := differences(read(t, flat), read(t, row.rendered))
		if !slices.Equal(found, row.expected) {
			t.Errorf("%s: %q", row.name, found)
		}
	}
}

func TestWholeNumbersAreOneHoweverTheyAreWritten(t *testing.T) {
	one := read(t, "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {user: 1000650000}\n")
	other := read(t, "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {user: 1.00065e+09}\n")
	if found := differences(one, other); found != nil {
		t.Error(found)
	}
}

func TestWhatIsReadIsWhatKubernetesSees(t *testing.T) {
	rows := []struct{ name, one, other string }{
		{"empty lines at the end of a file", "kind: A\ntext: |+\n  x\n\n", "kind: A\ntext: \"x\\n\\n\"\n"},
		{"empty lines before the next object", "kind: A\ntext: |+\n  x\n\n---\nkind: B\n", "kind: A\ntext: \"x\\n\\n\"\n---\nkind: B\n"},
		{"annotations that are none", "kind: A\nmetadata: {name: a, annotations: {}}\n", "kind: A\nmetadata: {name: a}\n"},
	}
	for _, row := range rows {
		if found := differences(read(t, row.one), read(t, row.other)); len(found) > 0 {
			t.Errorf("%s: %v", row.name, found)
		}
	}
}
