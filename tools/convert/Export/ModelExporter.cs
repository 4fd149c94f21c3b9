using System.Globalization;
using System.Security.Cryptography;
using KerasCompat.Containers;
using KerasCompat.Onnx;
using KerasCompat.OnnxRuntime;
using KerasCompat.Runtime;
using KerasCompat.Verification;
using KerasCompat.Writers;
using Newtonsoft.Json;

namespace KerasCompat.Convert.Export;

/// <summary>Writes a model in other formats, by the extension of each file.</summary>
internal static class ModelExporter
{
    private static readonly Dictionary<string, Action<Job, string>> Writers = new(StringComparer.OrdinalIgnoreCase)
    {
        [".onnx"] = WriteOnnx,
        [".safetensors"] = (job, path) => WithStream(path, stream => SafetensorsWriter.Write(job.Model, stream, job.Assets, job.Origin)),
        [".npz"] = (job, path) => Npz.Write(path, WeightNames.Of(job.Model.Weights).Zip(job.Model.Weights, (name, weight) => KeyValuePair.Create(name, weight.Value))),
        [".json"] = (job, path) => File.WriteAllText(path, job.Model.Canonical.Root.ToString(Formatting.Indented) + "\n"),
    };

    /// <summary>Writes the files, all of them or none.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="say">Takes a line for each file.</param>
    /// <exception cref="ArgumentException">An extension is none that is written.</exception>
    public static ExitCode Run(ExportRequest request, Action<string> say)
    {
        RequireKnown(request);
        using KerasFile file = request.Weights is null ? KerasFileReader.Open(request.Input) : KerasFileReader.Open(request.Weights, request.Input);
        using KerasModel model = KerasModel.Load(file);
        return Write(request, model, file.Assets, say);
    }

    /// <summary>Writes the files of a model, all of them or none.</summary>
    /// <inheritdoc cref="Run"/>
    public static ExitCode Write(ExportRequest request, KerasModel model, IReadOnlyDictionary<string, byte[]> assets, Action<string> say)
    {
        RequireKnown(request);
        request = request with { Onnx = request.Onnx with { FixedSizes = FixedShapes.Read(model, request.FixedShapes) } };
        var job = new Job(request, assets, model, Origin(request, model), say);
        using var staged = new StagedFiles();
        foreach (string output in request.Outputs)
        {
            Writers[Path.GetExtension(output)](job, staged.Add(output));
        }

        if (job.Mismatch)
        {
            return ExitCode.Mismatch;
        }

        staged.Complete();
        request.Outputs.ToList().ForEach(o => say($"wrote {o}"));
        return ExitCode.Ok;
    }

    private static void RequireKnown(ExportRequest request)
    {
        if (request.Outputs.FirstOrDefault(o => !Writers.ContainsKey(Path.GetExtension(o))) is { } unknown)
        {
            throw new ArgumentException($"\"{unknown}\": formats are told by the extension, one of {string.Join(", ", Writers.Keys)}.");
        }
    }

    private static void WriteOnnx(Job job, string path)
    {
        ExportRequest request = job.Request;
        OnnxModel onnx = job.Model.ToOnnx(request.Onnx).WithMetadata(job.Origin);
        if (request.SelfChecks > 0)
        {
            onnx = onnx.WithMetadata([KeyValuePair.Create(SelfCheck.Key, SelfCheck.Make(job.Model, request))]);
        }

        onnx.Save(path, request.ExternalData);
        job.Say($"{Path.GetFileName(path)}: opset {onnx.Opset}, {onnx.Operators.Count} nodes ({string.Join(", ", onnx.Operators.GroupBy(o => o).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(8).Select(g => $"{g.Count()} {g.Key}"))})");
        if (!request.Verify)
        {
            return;
        }

        if (!OnnxRuntimeLibrary.IsAvailable)
        {
            job.Say($"not verified: {OnnxRuntimeLibrary.Reason}");
            return;
        }

        IReadOnlyList<ArrayComparison> compared = OnnxCheck.Run(job.Model, path, request);
        job.Mismatch |= compared.Any(c => !c.Passes);
        job.Say(job.Mismatch
            ? $"DIFFERENT NUMBERS in ONNX Runtime, nothing written: {string.Join("; ", compared.Where(c => !c.Passes))}"
            : $"same numbers in ONNX Runtime: largest difference {compared.Max(c => c.LargestAbsolute).ToString("0.##e+0", CultureInfo.InvariantCulture)} over {compared.Count} outputs");
    }

    private static Dictionary<string, string> Origin(ExportRequest request, KerasModel model)
    {
        var origin = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["kerascompat_version"] = typeof(KerasModel).Assembly.GetName().Version!.ToString(3),
            ["source"] = Path.GetFileName(request.Input),
        };
        if (model.KerasVersion is not null)
        {
            origin["keras_version"] = model.KerasVersion;
        }

        if (File.Exists(request.Input))
        {
            using FileStream source = File.OpenRead(request.Input);
            origin["source_sha256"] = System.Convert.ToHexStringLower(SHA256.HashData(source));
        }

        return origin;
    }

    private static void WithStream(string path, Action<Stream> write)
    {
        using FileStream stream = File.Create(path);
        write(stream);
    }

    /// <summary>A run under way.</summary>
    private sealed record Job(ExportRequest Request, IReadOnlyDictionary<string, byte[]> Assets, KerasModel Model, IReadOnlyDictionary<string, string> Origin, Action<string> Say)
    {
        public bool Mismatch { get; set; }
    }
}
