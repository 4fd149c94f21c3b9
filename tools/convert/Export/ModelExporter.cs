using System.Security.Cryptography;
using KerasCompat.Containers;
using KerasCompat.Convert.Commands;
using KerasCompat.Convert.Surgery;
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
        [".safetensors"] = (job, path) => WithStream(path, stream => SafetensorsWriter.Write(job.Model, stream, job.Checked(() => SelfCheck.Of(job.Model, job.Request)))),
        [".npz"] = (job, path) => Npz.Write(path, WeightNames.Of(job.Model.Weights).Zip(job.Model.Weights, (name, weight) => KeyValuePair.Create(name, weight.Value))),
        [".json"] = (job, path) => File.WriteAllText(path, JsonText.Write(job.Model.Canonical.Root, Formatting.Indented) + "\n"),
    };

    /// <summary>Writes the files, all of them or none.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="log">Takes what there is to say about each file.</param>
    /// <exception cref="ArgumentException">An extension is none that is written.</exception>
    public static ExitCode Run(ExportRequest request, ExportLog log)
    {
        RequireKnown(request);
        using KerasFile file = request.Weights is null ? KerasFileReader.Open(request.Input) : KerasFileReader.Open(request.Weights, request.Input);
        using KerasModel model = KerasModel.Load(file, new LoadOptions { CancellationToken = Interruption.Token });
        return Write(request, model, log);
    }

    /// <summary>Writes the files of a model, all of them or none.</summary>
    /// <inheritdoc cref="Run"/>
    public static ExitCode Write(ExportRequest request, KerasModel model, ExportLog log)
    {
        RequireKnown(request);
        request = request with { Onnx = request.Onnx with { FixedSizes = FixedShapes.Read(model, request.FixedShapes) } };
        var job = new Job(request, model, Origin(request, model), log);
        using var staged = new StagedFiles();
        foreach (string output in request.Outputs)
        {
            Interruption.Token.ThrowIfCancellationRequested();
            Writers[Path.GetExtension(output)](job, staged.Add(output));
        }

        if (job.Mismatch)
        {
            return ExitCode.Mismatch;
        }

        Interruption.Token.ThrowIfCancellationRequested();
        log.Wrote(staged.Complete());
        return ExitCode.Ok;
    }

    private static void RequireKnown(ExportRequest request)
    {
        if (request.Outputs.FirstOrDefault(o => !Writers.ContainsKey(Path.GetExtension(o))) is { } unknown)
        {
            throw new ArgumentException($"\"{unknown}\": formats are told by the extension, one of {string.Join(", ", Writers.Keys)}.");
        }

        if (request.Outputs.GroupBy(Path.GetFullPath).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"\"{twice.First()}\" is named twice.");
        }
    }

    private static void WriteOnnx(Job job, string path)
    {
        ExportRequest request = job.Request;
        using TextSplit? split = request.SplitPreprocessing ? TextSplit.Of(job.Model) : null;
        KerasModel written = split?.Numeric ?? job.Model;
        OnnxModel onnx = written.ToOnnx(request.Onnx);
        onnx = onnx.WithMetadata(job.Checked(() => SelfCheck.Of(written, onnx, request)));
        onnx.Save(path, request.ExternalData);
        string name = Path.GetFileName(path);
        job.Log.Nodes(name, onnx);
        if (request.SplitPreprocessing && split is null)
        {
            job.Log.Say($"{name}: the whole model: no layer of it reads texts or hashes");
        }
        else if (split is not null)
        {
            string before = Path.ChangeExtension(name, ".preprocessing.safetensors");
            WithStream(Path.Combine(Path.GetDirectoryName(path)!, before), stream => SafetensorsWriter.Write(split.Preprocessing, stream, job.Origin));
            job.Log.Lines(name, split.Lines(before, name, onnx));
        }

        if (request.Verify == false)
        {
            return;
        }

        if (!OnnxRuntimeLibrary.IsAvailable && request.Verify is null)
        {
            job.Log.NotVerified(name, OnnxRuntimeLibrary.Reason!);
            return;
        }

        IReadOnlyList<ArrayComparison> compared = OnnxFile.Running(name, "--no-verify writes the file unchecked, for other runtimes", () => OnnxCheck.Run(job.Model, path, request, split));
        job.Mismatch |= compared.Any(c => !c.Passes);
        job.Log.Verified(name, compared);
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
    private sealed record Job(ExportRequest Request, KerasModel Model, IReadOnlyDictionary<string, string> Origin, ExportLog Log)
    {
        public bool Mismatch { get; set; }

        /// <summary>The file's origin, with a self check where one is asked for.</summary>
        public IReadOnlyDictionary<string, string> Checked(Func<string> check) =>
            Request.SelfChecks > 0 ? new Dictionary<string, string>(Origin, StringComparer.Ordinal) { [SelfCheck.Key] = check() } : Origin;
    }
}
