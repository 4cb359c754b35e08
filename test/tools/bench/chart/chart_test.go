package chart

import (
	"bytes"
	"encoding/xml"
	"io"
	"strconv"
	"strings"
	"testing"
)

func example() *Chart {
	return &Chart{
		Title:       "Calls <fast & slow>",
		Description: "What it shows",
		One:         "the other",
		Series:      []string{"ours", "second"},
		Groups: []Group{
			{"100 B", []Row{
				{"1 at once", []Point{{0.3, 0.4, 0.5}, {1, 1, 1}}},
				{"50 at once", []Point{{0.04, 0.05, 0.06}, {}}},
			}},
			{"500 KB", []Row{{"1 at once", []Point{{18, 20, 22}, {2, 3, 4}}}}},
		},
	}
}

// shape is an element of a picture: its name, its attributes and its text.
type shape struct {
	name string
	at   map[string]string
	text string
}

func (s shape) number(t *testing.T, attribute string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s.at[attribute], 64)
	if err != nil {
		t.Fatalf("%s of %v: %v", attribute, s, err)
	}
	return v
}

// parse reads a picture as XML, as a browser does.
func parse(t *testing.T, picture []byte) []shape {
	t.Helper()
	decoder := xml.NewDecoder(bytes.NewReader(picture))
	var shapes []shape
	var open []int
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return shapes
		}
		if err != nil {
			t.Fatalf("not XML: %v\n%s", err, picture)
		}
		switch token := token.(type) {
		case xml.StartElement:
			s := shape{name: token.Name.Local, at: map[string]string{}}
			for _, a := range token.Attr {
				s.at[a.Name.Local] = a.Value
			}
			open = append(open, len(shapes))
			shapes = append(shapes, s)
		case xml.CharData:
			if len(open) > 0 {
				shapes[open[len(open)-1]].text += string(token)
			}
		case xml.EndElement:
			open = open[:len(open)-1]
		}
	}
}

// dots returns the x positions of a series's points, without the point in the legend.
func dots(t *testing.T, shapes []shape, series string) (x []float64) {
	t.Helper()
	for _, s := range shapes {
		if s.name == "circle" && s.at["class"] == series {
			x = append(x, s.number(t, "cx"))
		}
	}
	return x[1:]
}

func TestSVG(t *testing.T) {
	shapes := parse(t, example().SVG())
	t.Run("it has a name for who cannot see it", func(t *testing.T) {
		found := map[string]string{}
		for _, s := range shapes {
			if id := s.at["id"]; id != "" {
				found[id] = s.text
			}
		}
		root := shapes[0]
		if root.name != "svg" || root.at["role"] != "img" || root.at["aria-labelledby"] != "title description" ||
			found["title"] != "Calls <fast & slow>" || found["description"] != "What it shows" {
			t.Errorf("got %v and %q", root, found)
		}
	})
	t.Run("points lie where their ratios are", func(t *testing.T) {
		var one float64
		for _, s := range shapes {
			if s.name == "line" && s.at["class"] == "line one" {
				one = s.number(t, "x1")
			}
		}
		ours, second := dots(t, shapes, "s0"), dots(t, shapes, "s1")
		if len(ours) != 3 || len(second) != 2 {
			t.Fatalf("%d and %d points, want 3 and 2", len(ours), len(second))
		}
		if !(ours[1] < ours[0] && ours[0] < one && one < ours[2]) || second[0] != one || second[1] <= one {
			t.Errorf("ours at %v, second at %v, 1 at %v", ours, second, one)
		}
		// 0.05 and 20 are equally far from 1.
		if left, right := one-ours[1], ours[2]-one; left-right > 0.2 || right-left > 0.2 {
			t.Errorf("%v left of 1 and %v right of it, want the same", left, right)
		}
	})
	t.Run("nothing lies outside", func(t *testing.T) {
		w, h := shapes[0].number(t, "width"), shapes[0].number(t, "height")
		for _, s := range shapes {
			for _, a := range []string{"x", "x1", "x2", "cx"} {
				if s.at[a] != "" && (s.number(t, a) < 0 || s.number(t, a) > w) {
					t.Errorf("%s of %v", a, s)
				}
			}
			for _, a := range []string{"y", "y1", "y2", "cy"} {
				if s.at[a] != "" && (s.number(t, a) < 0 || s.number(t, a) > h) {
					t.Errorf("%s of %v", a, s)
				}
			}
		}
	})
	t.Run("texts", func(t *testing.T) {
		var texts []string
		for _, s := range shapes {
			if s.name == "text" {
				texts = append(texts, s.text)
			}
		}
		all := strings.Join(texts, "|")
		for _, want := range []string{"ours", "second", "1× is the other; left of it is less", "100 B", "50 at once", "0.40×", "0.05×", "20×"} {
			if !strings.Contains(all, want) {
				t.Errorf("no %q in %s", want, all)
			}
		}
	})
	t.Run("dark and light", func(t *testing.T) {
		if !bytes.Contains(example().SVG(), []byte("@media (prefers-color-scheme: dark)")) {
			t.Error("it has one scheme only")
		}
	})
}

// TestSVGOfNothing checks that a chart without points is a valid picture.
func TestSVGOfNothing(t *testing.T) {
	shapes := parse(t, (&Chart{Title: "T", Groups: []Group{{"empty", []Row{{"none", []Point{{}}}}}}}).SVG())
	for _, s := range shapes {
		if strings.Contains(s.at["x1"]+s.at["cx"], "N") || s.name == "circle" {
			t.Errorf("%v", s)
		}
	}
}
