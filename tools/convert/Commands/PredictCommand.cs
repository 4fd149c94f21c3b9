using System.CommandLine;
using System.Diagnostics;
using KerasCompat.Convert.Data;
using KerasCompat.Convert.Output;
using KerasCompat.Text;
using Newtonsoft.Json.Linq;

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
        var inputShape = new InputShapeOption();
        var device = new DeviceOptions();
        var json = new Option<bool>("--json") { Description = "Print JSON: what was written, or what failed." };
        var command = new Command("predict", "Run a model on a file of inputs or on texts.") { file, weights, input, text, tokenizer, maxlen, padding, truncating, output, batch, json };
        inputShape.AddTo(command);
        device.AddTo(command);
        command.SetAction(parsed => Failures.Guard(parsed.GetValue(json), () =>
        {
            int size = parsed.GetValue(batch);
            if (size < 1)
            {
                throw new ArgumentException("--batch must be at least 1.");
            }

            var work = Work.OfProcess(inputShape.Of(parsed));
            using KerasModel model = work.Load(parsed.GetValue(file)!, parsed.GetValue(weights), device.Of(parsed));
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
            var watch = Stopwatch.StartNew();
            long done = 0;
            using (var progress = work.Begin("predict", rows.Count))
            {
                while (rows.Next(size) is { } inputs)
                {
                    sink.Write(model.Predict(inputs, work.Token));
                    progress.Advance(inputs[0].Shape[0]);
                }

                done = progress.Done;
            }

            using (work.Begin(Work.Writing(parsed.GetValue(output)!)))
            {
                sink.Complete(work.Token);
            }

            if (parsed.GetValue(json) && parsed.GetValue(output) is { } written && written != "-")
            {
                Console.WriteLine(new JObject { ["wrote"] = written, ["rows"] = done, ["seconds"] = watch.Elapsed.TotalSeconds });
            }

            return ExitCode.Ok;
        }));
        return command;
    }
}
