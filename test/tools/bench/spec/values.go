package spec

// The shapes of the values that calls carry. Each has a member "items", which the host counts.
const (
	// Flat is a list of small structs.
	Flat = "flat"
	// Nested is a list of structs with structs, lists, pointers and numbers in them.
	Nested = "nested"
	// Foreign is Flat with titles that are not ASCII.
	Foreign = "foreign"
)

// List is a value of the shapes Flat and Foreign.
type List struct {
	Items []Task `json:"items"`
	Note  string `json:"note"`
}

// Task is an element of a [List].
type Task struct {
	ID    int    `json:"id"`
	Title string `json:"title"`
	Done  bool   `json:"done"`
}

// Board is a value of the shape Nested.
type Board struct {
	Items []Card `json:"items"`
	Note  string `json:"note"`
}

// Card is an element of a [Board].
type Card struct {
	ID       int       `json:"id"`
	Title    string    `json:"title"`
	Author   Person    `json:"author"`
	Assignee *Person   `json:"assignee"`
	Labels   []string  `json:"labels"`
	Estimate float64   `json:"estimate"`
	Comments []Comment `json:"comments"`
}

// Comment is a part of a [Card].
type Comment struct {
	By   Person `json:"by"`
	Text string `json:"text"`
	Sent int64  `json:"sent"`
}

// Person is a part of a [Card].
type Person struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

// Body is what all calls carry from then on: a JSON text, and its shape.
type Body struct {
	Shape string `json:"shape"`
	Text  string `json:"text"`
}
