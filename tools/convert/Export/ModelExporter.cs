using System.Security.Cryptography;
using KerasCompat.Containers;
using KerasCompat.Convert.Output;
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
        [".safetensors"] = (job, path) => WriteSafetensors(job, path, job.Model, job.Checked(() => SelfCheck.Of(job.Model, job.Request, job.Work))),
        [".npz"] = WriteNpz,
        [".json"] = (job, path) => File.WriteAllText(path, JsonText.Write(job.Model.Canonical.Root, Formatting.Indented) + "\n"),
    };

    /// <summary>Writes the files, all of them or none.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="log">Takes what there is to say about each file.</param>
    /// <param name="work">Asks to stop, and is told how far it has come.</param>
    /// <exception cref="ArgumentException">An extension is none that is written.</exception>
    /// <exception cref="OperationCanceledException">The files are no longer wanted; then none is written.</exception>
    public static ExitCode Run(ExportRequest request, ExportLog log, Work? work = null)
    {
        RequireKnown(request);
        work ??= Work.Unwatched;
        using KerasModel model = work.Load(request.Input, request.Weights);
        return Write(request, model, log, work);
    }

    /// <summary>Writes the files of a model, all of them or none.</summary>
    /// <inheritdoc cref="Run"/>
    public static ExitCode Write(ExportRequest request, KerasModel model, ExportLog log, Work work)
    {
        RequireKnown(request);
        request = request with { Onnx = request.Onnx with { FixedSizes = FixedShapes.Read(model, request.FixedShapes), CancellationToken = work.Token } };
        var job = new Job(request, model, Origin(request, model, work), log, work);
        using var staged = new StagedFiles();
        foreach (string output in request.Outputs)
        {
            work.Token.ThrowIfCancellationRequested();
            Writers[Path.GetExtension(output)](job, staged.Add(output));
        }

        if (job.Mismatch)
        {
            return ExitCode.Mismatch;
        }

        work.Token.ThrowIfCancellationRequested();
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
        Work work = job.Work;
        string name = Path.GetFileName(path);
        using TextSplit? split = request.SplitPreprocessing ? TextSplit.Of(job.Model, work.Token) : null;
        KerasModel written = split?.Numeric ?? job.Model;
        OnnxModel onnx = Exported(written, request, name, work);
        onnx = onnx.WithMetadata(job.Checked(() => SelfCheck.Of(written, onnx, request, work)));
        using (Progress bar = work.Begin(Work.Writing(path), Progress.Whole))
        {
            onnx.Save(path, request.ExternalData, dataName: null, stream => new MeteredStream(stream, Bytes(written), bar), work.Token);
        }

        job.Log.Nodes(name, onnx);
        if (request.SplitPreprocessing && split is null)
        {
            job.Log.Say($"{name}: the whole model: no layer of it reads texts or hashes");
        }
        else if (split is not null)
        {
            string before = Path.ChangeExtension(name, ".preprocessing.safetensors");
            WriteSafetensors(job, Path.Combine(Path.GetDirectoryName(path)!, before), split.Preprocessing, job.Origin);
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

        IReadOnlyList<ArrayComparison> compared = OnnxFile.Running(name, "--no-verify writes the file unchecked, for other runtimes", () => OnnxCheck.Run(job.Model, path, request, split, work));
        job.Mismatch |= compared.Any(c => !c.Passes);
        job.Log.Verified(name, compared);
    }

    private static Dictionary<string, string> Origin(ExportRequest request, KerasModel model, Work work)
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
            origin["source_sha256"] = System.Convert.ToHexStringLower(Hash(source, work));
        }

        return origin;
    }

    private static byte[] Hash(FileStream source, Work work)
    {
        using Progress bar = work.Begin($"hash {Path.GetFileName(source.Name)}", Progress.Whole);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[1 << 20];
        for (int read = source.Read(piece); read > 0; read = source.Read(piece))
        {
            work.Token.ThrowIfCancellationRequested();
            hash.AppendData(piece, 0, read);
            bar.Report((double)source.Position / source.Length);
        }

        return hash.GetHashAndReset();
    }

    private static OnnxModel Exported(KerasModel model, ExportRequest request, string name, Work work)
    {
        using Progress bar = work.Begin($"lower {name}");
        return model.ToOnnx(request.Onnx);
    }

    private static void WriteSafetensors(Job job, string path, KerasModel model, IReadOnlyDictionary<string, string> metadata) =>
        job.Work.Write(path, Bytes(model), stream => SafetensorsWriter.Write(model, stream, metadata, job.Work.Token));

    private static void WriteNpz(Job job, string path)
    {
        IReadOnlyList<Weight> weights = job.Model.Weights;
        job.Work.Write(path, Bytes(job.Model), stream => Npz.Write(stream, WeightNames.Of(weights).Zip(weights, (name, weight) => KeyValuePair.Create(name, weight.Value)), cancellationToken: job.Work.Token));
    }

    private static long Bytes(KerasModel model) => model.Weights.Sum(w => (long)w.Shape.ElementCount * w.DType.Size());

    /// <summary>A run under way.</summary>
    private sealed record Job(ExportRequest Request, KerasModel Model, IReadOnlyDictionary<string, string> Origin, ExportLog Log, Work Work)
    {
        public bool Mismatch { get; set; }

        /// <summary>The file's origin, with a self check where one is asked for.</summary>
        public IReadOnlyDictionary<string, string> Checked(Func<string> check) =>
            Request.SelfChecks > 0 ? new Dictionary<string, string>(Origin, StringComparer.Ordinal) { [SelfCheck.Key] = check() } : Origin;
    }
}
