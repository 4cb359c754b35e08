package secret_test

import (
	"encoding/json"
	"fmt"

	"github.com/forgego/forgego/secret"
)

func ExampleText() {
	login := struct {
		User  string
		Token secret.Text
	}{"Ada", secret.New("eyJhbGciOi…")}
	fmt.Printf("%+v\n", login)
	text, err := json.Marshal(login)
	fmt.Println(string(text), err)
	// Output:
	// {User:Ada Token:[secret]}
	// {"User":"Ada","Token":"[secret]"} <nil>
}

func ExampleText_Reveal() {
	token := secret.New("eyJhbGciOi…")
	header := "Bearer " + token.Reveal()
	fmt.Println(len(header), token)
	// Output: 20 [secret]
}
