using KerasCompat.Containers;
using KerasCompat.Convert.Data;
using KerasCompat.Convert.Export;
using KerasCompat.Runtime;
using KerasCompat.Verification;

namespace KerasCompat.Convert.Report;

/// <summary>What <c>convert report</c> found out about a model.</summary>
internal sealed class ModelReport
{
    private ModelReport(KerasModel model, KerasFile file)
    {
        Model = model;
        File = file;
        Network = NetworkEntry.Of(model.Network);
    }

    public KerasModel Model { get; }

    public KerasFile File { get; }

    public NetworkEntry Network { get; }

    /// <summary>False for an architecture alone.</summary>
    public bool HasWeights => File.Weights is not null;

    public TimeProfile? Profile { get; private set; }

    /// <summary>Why there is no profile.</summary>
    public string? NotProfiled { get; private set; }

    public VerificationReport? Verification { get; private set; }

    public Tolerance Tolerance { get; private set; } = Tolerance.Default;

    /// <summary>Gathers everything.</summary>
    /// <param name="model">The model; an architecture alone gets weights here, because times do not depend on them.</param>
    /// <param name="file">What it was loaded of.</param>
    /// <param name="request">What is asked for.</param>
    public static ModelReport Gather(KerasModel model, KerasFile file, ReportRequest request)
    {
        var report = new ModelReport(model, file) { Tolerance = request.Tolerance };
        if (!report.HasWeights)
        {
            MadeUpWeights.Fill(model);
        }

        using VectorsFile? vectors = request.Vectors is null ? null : VectorsFile.Open(request.Vectors);
        if (vectors is not null)
        {
            report.Compare(vectors);
        }

        report.Measure(vectors, request.Batch);
        return report;
    }

    private void Compare(VectorsFile vectors)
    {
        Verification = Verifier.Verify(Model, vectors, Tolerance);
        IReadOnlyList<(LayerActivation Activation, ArrayComparison? Comparison)> compared = Verifier.Layers(Model, vectors, Tolerance);
        foreach (LayerEntry layer in Network.Layers)
        {
            ArrayComparison[] own = [.. compared.Where(c => c.Activation.Layer == layer.Layer.Name).Select(c => c.Comparison).OfType<ArrayComparison>()];
            layer.Difference = own.MaxBy(c => c.LargestAbsolute);
            layer.DivergesFirst = Verification.FirstDiverging?.Layer == layer.Layer.Name;
        }

        Model.ResetStates();
    }

    private void Measure(VectorsFile? vectors, int batch)
    {
        try
        {
            Tensor[] inputs = vectors is { Calls: [var call, ..] } ? [.. call.Inputs.Select(i => i.Read())] : DrawnInputs.ThatFit(Model, batch, new Dictionary<string, int>());
            Profile = TimeProfile.Measure(Model, Network, inputs);
            NotProfiled = Profile is null ? "elements decide the shapes of this model, so that it has no plan whose parts could be timed" : null;
        }
        catch (ArgumentException e)
        {
            NotProfiled = e.Message;
        }
    }
}

/// <summary>What a report is asked for.</summary>
/// <param name="Vectors">What Keras computed, or null.</param>
/// <param name="Tolerance">How close numbers must come.</param>
/// <param name="Batch">The batch size of the timed call where no vectors give its inputs.</param>
internal sealed record ReportRequest(string? Vectors, Tolerance Tolerance, int Batch);
