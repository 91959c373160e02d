package main

import (
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"
)

func TestWarnings(t *testing.T) {
	header := http.Header{}
	header.Add("Warning", `299 - "unknown field \"spec.x\""`)
	header.Add("Warning", `299 - plain`)
	if got, want := warnings(header), []string{`unknown field "spec.x"`, "plain"}; !reflect.DeepEqual(got, want) {
		t.Errorf("warnings %q, want %q", got, want)
	}
}

func TestReports(t *testing.T) {
	at := func(line int) *object {
		return &object{place: place{"a.yaml", line}, kind: kind{"v1", "Secret"}, name: "s"}
	}
	cases := []contents{{problems: []problem{{place{"b.yaml", 1}, "not a\nKubernetes object"}}, skipped: 3}}
	reports := []report{{version: "1.2.3", findings: []finding{
		{object: at(1)},
		{object: at(5), warnings: []string{"old"}},
		{object: at(9), step: "dry run", refusal: "no\nthanks"},
	}}}
	for _, test := range []struct {
		strict bool
		last   string
	}{
		{false, "Kubernetes 1.2.3: 2 passed, 2 failed (3 files of other tools or under input/ not looked at)"},
		{true, "Kubernetes 1.2.3: 1 passed, 3 failed (3 files of other tools or under input/ not looked at)"},
	} {
		var out strings.Builder
		if err := writeReports(&out, cases, reports, test.strict); !errors.Is(err, errRefused) {
			t.Errorf("error %v, want %v", err, errRefused)
		}
		want := []string{
			"b.yaml:1: unreadable: not a Kubernetes object",
			"a.yaml:5: Secret s: warning by Kubernetes 1.2.3: old",
			"a.yaml:9: Secret s: refused by Kubernetes 1.2.3 (dry run): no thanks",
			test.last,
		}
		if got := strings.Split(strings.TrimSpace(out.String()), "\n"); !reflect.DeepEqual(got, want) {
			t.Errorf("strict %v: printed %q, want %q", test.strict, got, want)
		}
	}
}

func TestWarningsAlonePassUnlessStrict(t *testing.T) {
	reports := []report{{findings: []finding{{object: &object{}, warnings: []string{"old"}}}}}
	var out strings.Builder
	if err := writeReports(&out, nil, reports, false); err != nil {
		t.Errorf("error %v", err)
	}
	if err := writeReports(&out, nil, reports, true); !errors.Is(err, errRefused) {
		t.Errorf("strict: error %v, want %v", err, errRefused)
	}
}

func TestJobsShareOnlyWhatTheyBothClaim(t *testing.T) {
	served := catalogue{
		{"v1", "ConfigMap"}:                             {namespaced: true},
		{"rbac.authorization.k8s.io/v1", "ClusterRole"}: {},
	}
	mapIn := func(namespace string) object {
		return object{kind: kind{"v1", "ConfigMap"}, name: "m", namespace: namespace}
	}
	role := object{kind: kind{"rbac.authorization.k8s.io/v1", "ClusterRole"}, name: "r"}
	plan := planJobs([]contents{
		{folder: "x/One", objects: []object{mapIn(""), mapIn("shop"), role}},
		{folder: "x/two_2", objects: []object{mapIn(""), mapIn("shop")}},
		{folder: "x/three", objects: []object{mapIn(""), role}},
	}, served)
	want := [][]string{{"ClusterRole r", "namespace shop"}, {"namespace shop"}, {"ClusterRole r"}}
	for i, j := range plan {
		var got []string
		for _, e := range j.locks {
			got = append(got, e.name)
		}
		if !reflect.DeepEqual(got, want[i]) {
			t.Errorf("job %d waits for %q, want %q", i, got, want[i])
		}
	}
	if plan[1].namespace != "case-1-two-2" {
		t.Errorf("namespace %q", plan[1].namespace)
	}
}
