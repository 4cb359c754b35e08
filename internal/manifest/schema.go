package manifest

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// The scalars of YAML's core schema, as the npm package yaml 2.9.1 recognises them:
// https://yaml.org/spec/1.2.2/#103-core-schema
var (
	nullText  = regexp.MustCompile(`^(?:~|[Nn]ull|NULL)?$`)
	boolText  = regexp.MustCompile(`^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$`)
	intText   = regexp.MustCompile(`^(?:0o[0-7]+|[-+]?[0-9]+|0x[0-9a-fA-F]+)$`)
	floatText = regexp.MustCompile(`^(?:[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+)$`)
	wordText  = regexp.MustCompile(`^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$`)
)

// Tags of other types that the npm package supports, which have no meaning in a manifest.
var otherTags = set("!!binary !!merge !!omap !!pairs !!set !!timestamp")

const quoted = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle

// scalarOf returns the value of a scalar: nil, a bool, a float64 or a string.
func scalarOf(n *yaml.Node) any {
	tag := n.Tag
	if n.Style&yaml.TaggedStyle == 0 && tag != "!" {
		if n.Style&quoted != 0 {
			return n.Value
		}
		tag = "" // the library guessed it by other rules
	}
	is := func(name string, text *regexp.Regexp) bool {
		return (tag == "" || tag == name) && text.MatchString(n.Value)
	}
	switch {
	case is("!!null", nullText):
		return nil
	case is("!!bool", boolText):
		return strings.EqualFold(n.Value, "true")
	case is("!!int", intText):
		return intOf(n.Value)
	case is("!!float", floatText):
		f, _ := strconv.ParseFloat(n.Value, 64)
		return f
	case is("!!float", wordText):
		f, _ := strconv.ParseFloat(strings.Replace(n.Value, ".", "", 1), 64) // Inf, -Inf or NaN
		return f
	}
	return n.Value
}

func intOf(text string) float64 {
	base := 10
	switch {
	case strings.HasPrefix(text, "0o"):
		text, base = text[2:], 8
	case strings.HasPrefix(text, "0x"):
		text, base = text[2:], 16
	}
	i, _ := new(big.Int).SetString(text, base)
	f, _ := new(big.Float).SetInt(i).Float64()
	return f
}

// inJSON returns a scalar's value for JSON, in which infinity and NaN are null.
func inJSON(value any) any {
	if f, ok := value.(float64); ok && (math.IsInf(f, 0) || math.IsNaN(f)) {
		return nil
	}
	return value
}

// inJavaScript returns a scalar's value as JavaScript converts it to a string.
func inJavaScript(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case float64:
		if math.IsInf(v, 0) {
			return strings.TrimPrefix(fmt.Sprintf("%+v", v), "+") + "inity"
		}
		if math.IsNaN(v) {
			return "NaN"
		}
	}
	text, _ := json.Marshal(value) // json formats numbers as JavaScript does
	return string(text)
}

// keyOf returns a scalar key as a member name in JSON.
func keyOf(n *yaml.Node) string {
	value := scalarOf(resolved(n))
	if value == nil {
		return ""
	}
	return inJavaScript(value)
}

// resolved returns the node that an alias refers to.
func resolved(n *yaml.Node) *yaml.Node {
	if n != nil && n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}
