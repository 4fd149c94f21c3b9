using System.CommandLine;
using KerasCompat.Convert.Data;
using KerasCompat.Convert.Export;
using KerasCompat.Convert.Output;
using KerasCompat.Onnx;
using KerasCompat.Runtime;

namespace KerasCompat.Convert.Commands;

/// <summary><c>convert IN OUT…</c>: writes a model in other formats.</summary>
internal static class ExportCommand
{
    /// <summary>Adds arguments, options and action to the root command, which has no name of its own.</summary>
    public static void AddTo(RootCommand root)
    {
        var input = new Argument<string?>("in") { Description = "The model file.", Arity = ArgumentArity.ZeroOrOne };
        var outputs = new Argument<string[]>("out") { Description = "Files to write: .onnx, .safetensors, .npz (weights), .json (canonical config).", Arity = ArgumentArity.ZeroOrMore };
        var weights = new Option<string?>("--weights") { Description = "A second file with the weights." };
        var opset = new Option<int?>("--opset") { Description = $"ONNX operator set, {OnnxExportOptions.OldestOpset} to {OnnxExportOptions.NewestOpset}; {OnnxExportOptions.DefaultOpset} unless told, or newer where an operator needs it." };
        var dtype = new Option<string>("--dtype") { Description = "Type of the stored weights: float32, or float16 for half the size.", DefaultValueFactory = _ => "float32" };
        dtype.AcceptOnlyFromAmong("float32", "float16");
        Option<string[]> fix = FixedShapes.Option("Sizes given for good: an input's, image=1,224,224,3, or a symbol's, time=80.");
        var batch = new Option<int?>("--batch") { Description = "The batch size, given for good." };
        var external = new Option<bool>("--external-data") { Description = "Put ONNX weights into a second file; done by itself above 2 GB." };
        var channelsFirst = new Option<bool>("--inputs-as-nchw") { Description = "Take image inputs with the channels first." };
        var split = new Option<bool>("--split-preprocessing") { Description = "For models that read texts or hash, which ONNX cannot: write the numeric model behind those layers as .onnx, they themselves as NAME.preprocessing.safetensors beside it, and print the C# lines that run both." };
        var selfCheck = new Option<int>("--self-check") { Description = "Store so many drawn inputs with their outputs in the .onnx or .safetensors file, for convert verify FILE to replay." };
        var verify = new Option<bool>("--verify") { Description = "Run the written ONNX file and compare, or fail where ONNX Runtime is not there. Unless told, that is said and the file written." };
        var noVerify = new Option<bool>("--no-verify") { Description = "Do not run the written ONNX file." };
        var vectors = new Option<string?>("--vectors") { Description = "Verify on what Keras computed (an .npz of keras_vectors.py) instead of drawn inputs." };
        var inputShape = new InputShapeOption();
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        foreach (Argument argument in (Argument[])[input, outputs])
        {
            root.Add(argument);
        }

        foreach (Option option in (Option[])[weights, opset, dtype, fix, batch, external, channelsFirst, split, selfCheck, verify, noVerify, vectors, json])
        {
            root.Add(option);
        }

        inputShape.AddTo(root);

        root.SetAction(parsed => Failures.Guard(parsed.GetValue(json), () =>
        {
            var log = new ExportLog(Console.WriteLine, parsed.GetValue(json));
            ExitCode code = ModelExporter.Run(
                new ExportRequest(
                    parsed.GetValue(input) ?? throw new ArgumentException("Name a model file and the files to write: convert IN OUT…"),
                    parsed.GetValue(weights),
                    parsed.GetValue(outputs) is { Length: > 0 } named ? named : throw new ArgumentException("Name the files to write: convert IN OUT…"),
                    new OnnxExportOptions
                    {
                        Opset = parsed.GetValue(opset),
                        WeightType = parsed.GetValue(dtype) == "float16" ? DType.Float16 : DType.Float32,
                        ChannelsFirstInputs = parsed.GetValue(channelsFirst),
                    })
                {
                    FixedShapes = [.. parsed.GetValue(fix)!, .. parsed.GetValue(batch) is { } size ? (string[])[$"batch={size}"] : []],
                    SplitPreprocessing = parsed.GetValue(split),
                    ExternalData = parsed.GetValue(external),
                    Verify = parsed.GetValue(noVerify) ? false : parsed.GetValue(verify) ? true : null,
                    SelfChecks = parsed.GetValue(selfCheck),
                    Vectors = parsed.GetValue(vectors),
                },
                log,
                Work.OfProcess(inputShape.Of(parsed)));
            log.End();
            return code;
        }));
    }
}
