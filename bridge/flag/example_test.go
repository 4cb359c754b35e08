package flag_test

import (
	"context"
	"fmt"

	"github.com/forgego/forgego/bridge/flag"
)

func ExampleShow() {
	ctx := context.Background() // in an app, the one of wasm.Run
	shown, err := flag.Show(ctx, flag.Flag{
		ID:          "deleted-42",
		Title:       "Task deleted",
		Description: "Buy milk",
		Type:        flag.Success,
		Actions:     []flag.Action{{Text: "Undo", OnClick: func() { fmt.Println("It is back.") }}},
		AutoDismiss: true,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := shown.Close(ctx); err != nil {
		fmt.Println(err)
	}
}
