using System.CommandLine;
using KerasCompat.Convert.Export;
using KerasCompat.Convert.Data;
using KerasCompat.Convert.Output;
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
        var from = new Option<string[]>("--from") { Description = "The first layer, or several; the model's inputs unless told. LAYER:CALL for one call of a shared layer, MODEL/LAYER within a nested model.", DefaultValueFactory = _ => [] };
        var to = new Option<string[]>("--to") { Description = "The last layer, or several; the model's outputs unless told.", DefaultValueFactory = _ => [] };
        var inputShape = new InputShapeOption();
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("extract", "Write the part of a model from one layer to another.") { input, outputs, from, to, json };
        inputShape.AddTo(command);
        command.SetAction(parsed => Failures.Guard(parsed.GetValue(json), () =>
        {
            var work = Work.OfProcess(inputShape.Of(parsed));
            using KerasModel whole = work.Load(parsed.GetValue(input)!);
            using KerasModel part = Part(whole, parsed.GetValue(from)!, parsed.GetValue(to)!, work);
            var log = new ExportLog(Console.WriteLine, parsed.GetValue(json));
            ExitCode code = ModelExporter.Write(new ExportRequest(parsed.GetValue(input)!, null, parsed.GetValue(outputs)!, new OnnxExportOptions()), part, log, work);
            log.End();
            return code;
        }));
        return command;
    }

    private static KerasModel Part(KerasModel whole, string[] from, string[] to, Work work)
    {
        using Progress bar = work.Begin("extract");
        return SubModel.Extract(whole, from, to, work.Token);
    }
}
