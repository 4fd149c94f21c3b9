using KerasCompat.Containers;
using KerasCompat.Convert.Data;
using KerasCompat.Convert.Export;
using KerasCompat.Convert.Output;
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

    private readonly Dictionary<Weight, Histogram> _histograms = [];

    public KerasModel Model { get; }

    public KerasFile File { get; }

    public NetworkEntry Network { get; }

    /// <summary>False for an architecture alone.</summary>
    public bool HasWeights => File.Weights is not null;

    public TimeProfile? Profile { get; private set; }

    /// <summary>Why there is no profile.</summary>
    public string? NotProfiled { get; private set; }

    public VerificationReport? Verification { get; private set; }

    /// <summary>How a weight's numbers are spread; null where it has none.</summary>
    public Histogram? Histogram(Weight weight) => _histograms.GetValueOrDefault(weight);

    /// <summary>The tolerance where there is a comparison with Keras; else null.</summary>
    public Tolerance? Compared => Verification is null ? null : Tolerance;

    public Tolerance Tolerance { get; private set; } = Tolerance.Default;

    /// <summary>Gathers everything.</summary>
    /// <param name="model">The model; an architecture alone gets weights here, because times do not depend on them.</param>
    /// <param name="file">What it was loaded of.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="work">Asks to stop, and is told how far it has come.</param>
    public static ModelReport Gather(KerasModel model, KerasFile file, ReportRequest request, Work? work = null)
    {
        work ??= Work.Unwatched;
        var report = new ModelReport(model, file) { Tolerance = request.Tolerance };
        if (!report.HasWeights)
        {
            MadeUpWeights.Fill(model);
        }

        using VectorsFile? vectors = request.Vectors is null ? null : VectorsFile.Open(request.Vectors);
        if (vectors is not null)
        {
            report.Compare(vectors, work);
        }

        report.Measure(vectors, request.Batch, work);
        report.Spread(work);
        return report;
    }

    private void Compare(VectorsFile vectors, Work work)
    {
        using Progress bar = work.Begin("compare with Keras", 2L * vectors.Calls.Count);
        Verification = Verifier.Verify(Model, vectors, Tolerance, work.Token, Done);
        Network.Compare(Verifier.Layers(Model, vectors, Tolerance, work.Token, Done), Verification.FirstDiverging);
        Model.ResetStates();

        void Done() => bar.Advance(1);
    }

    private void Measure(VectorsFile? vectors, int batch, Work work)
    {
        using Progress bar = work.Begin("measure a call");
        try
        {
            Tensor[] inputs = vectors is { Calls: [var call, ..] } ? [.. call.Inputs.Select(i => i.Read())] : DrawnInputs.ThatFit(Model, batch, new Dictionary<string, int>(), work.Token);
            Profile = TimeProfile.Measure(Model, Network, inputs, work.Token);
            NotProfiled = Profile is null ? "elements decide the shapes of this model, so that it has no plan whose parts could be timed" : null;
        }
        catch (ArgumentException e)
        {
            NotProfiled = e.Message;
        }
    }

    /// <summary>Takes the histograms; nothing of an architecture alone, whose weights are made up.</summary>
    private void Spread(Work work)
    {
        foreach (Weight weight in work.Each("draw weights", HasWeights ? Model.Weights : []))
        {
            if (Report.Histogram.Of(weight) is { } histogram)
            {
                _histograms[weight] = histogram;
            }
        }
    }
}

/// <summary>What a report is asked for.</summary>
/// <param name="Vectors">What Keras computed, or null.</param>
/// <param name="Tolerance">How close numbers must come.</param>
/// <param name="Batch">The batch size of the timed call where no vectors give its inputs.</param>
internal sealed record ReportRequest(string? Vectors, Tolerance Tolerance, int Batch);
