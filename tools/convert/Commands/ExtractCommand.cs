using System.CommandLine;
using KerasCompat.Containers;
using KerasCompat.Convert.Export;
using KerasCompat.Convert.Surgery;
using KerasCompat.Onnx;

namespace KerasCompat.Convert.Commands;

/// <summary><c>convert extract</c>: the part of a model from one layer to another.</summary>
internal static class ExtractCommand
{
    public static Command Create()
    {
        var input = new Argument<string>("in") { Description = "The model file." };
        var outputs = new Argument<string[]>("out") { Description = "Files to write: .onnx, .safetensors, .npz, .json.", Arity = ArgumentArity.OneOrMore };
        var from = new Option<string?>("--from") { Description = "The first layer; the model's inputs unless told." };
        var to = new Option<string?>("--to") { Description = "The last layer; the model's outputs unless told." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("extract", "Write the part of a model from one layer to another.") { input, outputs, from, to, json };
        command.SetAction(parsed => Failures.Guard(parsed.GetValue(json), () =>
        {
            using KerasFile file = KerasFileReader.Open(parsed.GetValue(input)!);
            using KerasModel whole = KerasModel.Load(file);
            using KerasModel part = SubModel.Extract(whole, parsed.GetValue(from), parsed.GetValue(to));
            var log = new ExportLog(Console.WriteLine, parsed.GetValue(json));
            ExitCode code = ModelExporter.Write(new ExportRequest(parsed.GetValue(input)!, null, parsed.GetValue(outputs)!, new OnnxExportOptions()), part, log);
            log.End();
            return code;
        }));
        return command;
    }
}
