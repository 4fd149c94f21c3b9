using System.CommandLine;
using KerasCompat.Convert.Data;
using KerasCompat.Convert.Output;
using KerasCompat.Convert.Surgery;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Commands;

/// <summary><c>convert diff</c>: how two model files of any containers differ.</summary>
internal static class DiffCommand
{
    public static Command Create()
    {
        var first = new Argument<string>("a") { Description = "A model file." };
        var second = new Argument<string>("b") { Description = "Another." };
        var inputShape = new InputShapeOption();
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("diff", "Compare two models: configs, weights, outputs on drawn inputs.") { first, second, json };
        inputShape.AddTo(command);
        command.SetAction(parsed => Failures.Guard(parsed.GetValue(json), () =>
        {
            var work = Work.OfProcess(inputShape.Of(parsed));
            using KerasModel a = work.Load(parsed.GetValue(first)!), b = work.Load(parsed.GetValue(second)!);
            IReadOnlyList<string> lines = ModelDiff.Lines(a, b, work);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(new JObject { ["same"] = lines.Count == 0, ["differences"] = new JArray(lines) });
            }
            else
            {
                Console.WriteLine(lines.Count == 0 ? "the same" : string.Join(Environment.NewLine, lines));
            }

            return lines.Count == 0 ? ExitCode.Ok : ExitCode.Mismatch;
        }));
        return command;
    }
}
