using System.CommandLine;
using KerasCompat.Convert.Data;
using KerasCompat.Runtime;
using KerasCompat.Text;
using Spectre.Console;

namespace KerasCompat.Convert.Commands;

/// <summary><c>convert predict</c>: runs a model on a file of inputs or on texts, batch by batch.</summary>
internal static class PredictCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The model file." };
        var weights = new Option<string?>("--weights") { Description = "A second file with the weights." };
        var input = new Option<string?>("--input") { Description = "The inputs: .npy, .npz, .csv or .json." };
        var text = new Option<string[]>("--text") { Description = "A text to predict for, in place of --input; may be given several times." };
        var tokenizer = new Option<string?>("--tokenizer") { Description = "Turns texts into indices: a text pipeline, a Tokenizer's JSON or pickle, or a word index." };
        var maxlen = new Option<int?>("--maxlen") { Description = "The length texts are padded or cut to, if neither pipeline nor model tells it." };
        var padding = new Option<string?>("--padding") { Description = "Where short texts are filled up: pre (as in Keras) or post." };
        var truncating = new Option<string?>("--truncating") { Description = "Where long texts are cut: pre (as in Keras) or post." };
        var output = new Option<string>("--output") { Description = "Where the outputs go: .npy, .npz, .csv, .json, or - for the terminal.", DefaultValueFactory = _ => "-" };
        var batch = new Option<int>("--batch") { Description = "Rows a call.", DefaultValueFactory = _ => 32 };
        Option<string> device = DeviceName.Option();
        var json = new Option<bool>("--json") { Description = "Print failures as JSON." };
        var command = new Command("predict", "Run a model on a file of inputs or on texts.") { file, weights, input, text, tokenizer, maxlen, padding, truncating, output, batch, device, json };
        command.SetAction(parsed => Failures.Guard(parsed.GetValue(json), () =>
        {
            int size = parsed.GetValue(batch);
            if (size < 1)
            {
                throw new ArgumentException("--batch must be at least 1.");
            }

            var options = new LoadOptions { Device = DeviceName.Parse(parsed.GetValue(device)!), CancellationToken = Interruption.Token };
            using KerasModel model = parsed.GetValue(weights) is { } second ? KerasModel.Load(second, parsed.GetValue(file)!, options) : KerasModel.Load(parsed.GetValue(file)!, options);
            string[] texts = parsed.GetValue(text) ?? [];
            TextPipeline? pipeline = parsed.GetValue(tokenizer) is { } path
                ? TextInput.Pipeline(path, model.Inputs, parsed.GetValue(maxlen), parsed.GetValue(padding), parsed.GetValue(truncating))
                : null;
            using IInputRows rows = (parsed.GetValue(input), texts) switch
            {
                ({ } data, []) => InputRows.Open(data, model.Inputs),
                (null, [_, ..]) => TextInput.Open(texts, pipeline, model.Inputs),
                _ => throw new ArgumentException("Give either --input FILE or --text \"…\"."),
            };
            using IOutputRows sink = OutputRows.Create(parsed.GetValue(output)!, [.. model.Outputs.Select(o => o.Name)]);
            WithProgress(rows.Count, advance =>
            {
                while (rows.Next(size) is { } inputs)
                {
                    sink.Write(model.Predict(inputs, Interruption.Token));
                    advance(inputs[0].Shape[0]);
                }
            });
            sink.Complete();
            return ExitCode.Ok;
        }));
        return command;
    }

    /// <summary>Shows a bar where a person watches; it goes to the error stream, so that piped output stays clean.</summary>
    private static void WithProgress(long? total, Action<Action<int>> work)
    {
        if (Console.IsErrorRedirected)
        {
            work(static _ => { });
            return;
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        console.Progress().AutoClear(true).Start(context =>
        {
            ProgressTask task = context.AddTask("predict", maxValue: total ?? 1);
            task.IsIndeterminate = total is null;
            work(done => task.Increment(done));
        });
    }
}
