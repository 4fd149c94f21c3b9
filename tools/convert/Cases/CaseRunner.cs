using KerasCompat.Runtime;
using KerasCompat.Verification;
using KerasCompat.Writers;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Cases;

/// <summary>Runs a case: loads its model, replays what Keras computed, and holds the outcome against what is expected.</summary>
internal static class CaseRunner
{
    /// <exception cref="OperationCanceledException">The outcome is no longer wanted.</exception>
    public static CaseOutcome Run(FixtureCase test, Device? device = null, CancellationToken cancellation = default)
    {
        device ??= Device.Cpu;
        try
        {
            return test.Expect switch
            {
                _ when test.Pickle is not null => PickleCase.Run(test),
                _ when TextTopic.Concerns(test) => TextTopic.Run(test, cancellation),
                "refuse" => RunRefusal(test, device, cancellation),
                "weights" => WeightsCase.Run(test),
                _ when test.Model is null => TokenizerCase.Run(test),
                _ => RunSame(test, device, cancellation),
            };
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Failed(test, e);
        }
    }

    private static CaseOutcome RunSame(FixtureCase test, Device device, CancellationToken cancellation)
    {
        using Npz vectors = Npz.Open(test.Vectors ?? throw new InvalidDataException("the case names no vectors"));
        if (!vectors.TryRead("manifest", out Tensor? manifest))
        {
            return TrainingRunCase.Run(test, vectors, cancellation);
        }

        if (vectors.Names.Contains("out"))
        {
            return ArchitectureCase.Run(test, vectors, JObject.Parse(System.Text.Encoding.UTF8.GetString(manifest.Bytes)), device, cancellation);
        }

        using KerasModel model = Load(test, device, cancellation);
        VerificationReport report = model.Verify(test.Vectors!, test.Tolerance, cancellation);
        return Compared(test, report.Outputs, report.FirstDiverging?.ToString());
    }

    private static CaseOutcome RunRefusal(FixtureCase test, Device device, CancellationToken cancellation)
    {
        KerasModel model;
        try
        {
            model = Load(test, device, cancellation);
        }
        catch (KerasCompatException e)
        {
            return new CaseOutcome(test.Name, true, FirstLine(e), e.GetType().Name);
        }

        using (model)
        {
            return test.MayLoad && test.Vectors is not null
                ? RunSame(test, device, cancellation)
                : new CaseOutcome(test.Name, false, $"loaded; expected a refusal that names: {test.Note}");
        }
    }

    /// <summary>True where the vectors are calls of a model with stored weights, as <c>keras_vectors.py</c> writes them.</summary>
    public static bool HasCalls(FixtureCase test)
    {
        using Npz vectors = Npz.Open(test.Vectors!);
        return vectors.Names.Contains("manifest") && !vectors.Names.Contains("out");
    }

    /// <summary>Runs a case of a model and what Keras computed, after writing the model as safetensors and reading it back.</summary>
    /// <exception cref="OperationCanceledException">The outcome is no longer wanted.</exception>
    public static CaseOutcome RunThroughSafetensors(FixtureCase test, CancellationToken cancellation = default)
    {
        try
        {
            using KerasModel model = Load(test, cancellation: cancellation);
            using var stream = new MemoryStream();
            SafetensorsWriter.Write(model, stream, cancellationToken: cancellation);
            using KerasModel back = KerasModel.Load(stream, test.Name);
            Weight[] changed = [.. model.Weights.Zip(back.Weights).Where(p => p.First.DType != p.Second.DType || !p.First.Value.Bytes.SequenceEqual(p.Second.Value.Bytes)).Select(p => p.First)];
            return changed.Length > 0 || model.Weights.Count != back.Weights.Count
                ? new CaseOutcome(test.Name, false, $"weights came back changed: {string.Join(", ", changed.Select(w => w.Path))}")
                : Compared(test, back.Verify(test.Vectors!, test.Tolerance, cancellation).Outputs);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Failed(test, e);
        }
    }

    /// <summary>Loads a case's model, its weights from a second file where there is one.</summary>
    /// <remarks>A Keras 1 file does not say which backend wrote it; where no weight name tells either, the caller must.</remarks>
    public static KerasModel Load(FixtureCase test, Device? device = null, CancellationToken cancellation = default)
    {
        var options = new LoadOptions { Backend = test.KerasVersion.StartsWith("1.", StringComparison.Ordinal) ? test.Backend : null, Device = device ?? Device.Cpu, CancellationToken = cancellation };
        return test.Weights is null ? KerasModel.Load(test.Model!, options) : KerasModel.Load(test.Weights, test.Model!, options);
    }

    public static CaseOutcome Compared(FixtureCase test, IReadOnlyList<ArrayComparison> comparisons, string? divergence = null)
    {
        ArrayComparison[] wrong = [.. comparisons.Where(c => !c.Passes)];
        string text = wrong.Length == 0
            ? string.Join("; ", comparisons)
            : $"WRONG NUMBERS: {string.Join("; ", wrong.Take(3))}{(divergence is null ? string.Empty : $"; {divergence}")}";
        return new CaseOutcome(test.Name, wrong.Length == 0 && comparisons.Count > 0, comparisons.Count == 0 ? "nothing was compared" : text);
    }

    private static CaseOutcome Failed(FixtureCase test, Exception e) => new(test.Name, false, FirstLine(e), e.GetType().Name);

    private static string FirstLine(Exception e) => $"{e.GetType().Name}: {e.Message.Split('\n')[0].TrimEnd('\r')}";
}
