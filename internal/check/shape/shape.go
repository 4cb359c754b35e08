// Package shape describes the form of values in a compact notation, and checks values against it.
//
// A definition is "name: kind" at the start of a line; indented lines continue it, and # starts a comment. A kind is
//
//	any bool number integer text object yes no   a value of that kind; yes and no are true and false
//	text(1..255)/^[a-z]+$/                       a text of 1 to 255 characters that matches a pattern
//	number(1..900)%0.5                           a number in a range, a multiple of 0.5
//	label(1..100)                                a text of that length, or {i18n: key}; the default is 1..255
//	<small large>                                one of these texts
//	[kind](1..20 unique)                         a list
//	{key! title:label ...}                       a mapping: ! marks a required member, ... allows others
//	any(kind | kind)                             one or more of these
//	one(kind | kind)                             exactly one of these
//	all(kind & kind)                             all of these
//	name                                         another definition
//
// A member without a kind has the one that is defined under the member's name. In a mapping, "one(members | members)" and
// "any(members | members)" are alternative members, "*:kind" is the kind of all others, "/pattern/:kind" that of members
// with such names, "names:kind" restricts all names, and a range after the mapping restricts their number.
package shape

import (
	"math"
	"regexp"
)

type kind int

const (
	kindAny kind = iota
	kindBool
	kindYes
	kindNo
	kindNumber
	kindInteger
	kindText
	kindLabel
	kindWords
	kindList
	kindMapping
	kindOne
	kindAnyOf
	kindAllOf
	kindName
)

// Shape is a kind of value.
type Shape struct {
	kind kind
	// min and max bound a number, a text's characters, a list's items or a mapping's entries.
	min, max float64
	step     float64
	unique   bool
	pattern  *regexp.Regexp
	words    []string
	item     *Shape
	// members are those of every alternative of a mapping.
	members []member
	// open allows other members.
	open bool
	// rest is the kind of other members, or nil. patterned are members by pattern, and names restricts all names.
	rest      *Shape
	patterned []patterned
	names     *Shape
	// alternatives are lists of members, of which one or, if inclusive, at least one must fit.
	alternatives [][]member
	inclusive    bool
	// parts are the kinds of any, one and all.
	parts []*Shape
	// name is that of another definition, and target is that definition.
	name   string
	target *Shape
}

type member struct {
	name     string
	required bool
	shape    *Shape
}

type patterned struct {
	pattern *regexp.Regexp
	shape   *Shape
}

// resolved returns the shape that a name stands for.
func (s *Shape) resolved() *Shape {
	for s.kind == kindName {
		s = s.target
	}
	return s
}

// Members returns the names of the members that a mapping can have, without those of patterns.
func (s *Shape) Members() []string {
	s = s.resolved()
	var names []string
	for _, list := range append([][]member{s.members}, s.alternatives...) {
		for _, m := range list {
			names = append(names, m.name)
		}
	}
	return names
}

// Has reports whether a mapping can have a member at a path of names. The members that ... allows do not count.
func (s *Shape) Has(path ...string) bool {
	if s = s.resolved(); len(path) == 0 {
		return true
	}
	for _, part := range s.parts {
		if part.Has(path...) {
			return true
		}
	}
	for _, list := range append([][]member{s.members}, s.alternatives...) {
		for _, m := range list {
			if m.name == path[0] && m.shape.Has(path[1:]...) {
				return true
			}
		}
	}
	return false
}

// Required returns the names of the members that every alternative of a mapping requires.
func (s *Shape) Required() []string {
	var names []string
	for _, m := range s.resolved().members {
		if m.required {
			names = append(names, m.name)
		}
	}
	return names
}

func unbounded() (least, most float64) { return 0, math.Inf(1) }
