package main

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// job is one folder's objects and how they are kept apart from the others':
// objects without a namespace go to a namespace of the job's own, and what two
// folders both lay claim to (a named namespace, a cluster-wide object, a node
// port) is theirs one after the other, removed in between.
type job struct {
	index      int
	namespace  string
	objects    []*object
	namespaces []string     // named by the objects
	locks      []*exclusion // sorted: all jobs take them in one order
}

// exclusion is something only one job may have at a time.
type exclusion struct {
	name string
	sync.Mutex
}

// planJobs makes a job of each folder. A plan belongs to one server: two
// servers share nothing, so neither waits for the other.
func planJobs(cases []contents, served catalogue) []*job {
	var plan []*job
	claims := map[string][]*job{}
	for i := range cases {
		j := &job{index: i, namespace: namespaceFor(i, cases[i].folder)}
		mine := map[string]bool{}
		for n := range cases[i].objects {
			o := &cases[i].objects[n]
			j.objects = append(j.objects, o)
			for _, claim := range claimsOf(o, served) {
				if !mine[claim] {
					mine[claim] = true
					claims[claim] = append(claims[claim], j)
				}
			}
			if o.namespace != "" && !slices.Contains(j.namespaces, o.namespace) {
				j.namespaces = append(j.namespaces, o.namespace)
			}
		}
		plan = append(plan, j)
	}
	for name, jobs := range claims {
		if len(jobs) < 2 {
			continue
		}
		e := &exclusion{name: name}
		for _, j := range jobs {
			j.locks = append(j.locks, e)
		}
	}
	for _, j := range plan {
		slices.SortFunc(j.locks, func(a, b *exclusion) int { return cmp.Compare(a.name, b.name) })
	}
	return plan
}

// claimsOf are the things the object touches outside its folder's own
// namespace. An unknown kind may be cluster-wide.
func claimsOf(o *object, served catalogue) []string {
	claims := slices.Clone(o.exclusive)
	switch {
	case o.kind.kind == "Namespace":
		claims = append(claims, "namespace "+o.name)
	case o.namespace != "":
		claims = append(claims, "namespace "+o.namespace)
	case !served[o.kind].namespaced:
		claims = append(claims, o.kind.kind+" "+o.name)
	}
	return claims
}

// namespaceFor is a valid namespace name that says which folder it belongs to.
func namespaceFor(index int, folder string) string {
	var slug strings.Builder
	for _, r := range strings.ToLower(filepath.Base(filepath.Clean(folder))) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			slug.WriteRune(r)
		} else {
			slug.WriteByte('-')
		}
	}
	name := fmt.Sprintf("case-%d-%.40s", index, slug.String())
	return strings.TrimRight(name, "-")
}
