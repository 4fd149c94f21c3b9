using KerasCompat.Layers;
using KerasCompat.Runtime;

namespace KerasCompat.Verification;

/// <summary>Replays the calls of a vectors file and compares.</summary>
internal static class Verifier
{
    /// <param name="model">The model.</param>
    /// <param name="vectors">What Keras computed.</param>
    /// <param name="tolerance">How close numbers must come.</param>
    /// <param name="cancellation">Asked before each operator of each call.</param>
    /// <param name="done">Told after each call.</param>
    /// <exception cref="UnsupportedModelException">A call ran in training mode.</exception>
    public static VerificationReport Verify(KerasModel model, VectorsFile vectors, Tolerance tolerance, CancellationToken cancellation = default, Action? done = null)
    {
        var outputs = new List<ArrayComparison>();
        LayerDivergence? divergence = null;
        model.ResetStates();
        for (int c = 0; c < vectors.Calls.Count; c++)
        {
            VectorsCall call = vectors.Calls[c];
            if (vectors.ForgetsStates)
            {
                model.ResetStates();
            }

            if (call.Training)
            {
                throw new UnsupportedModelException($"{vectors.Name}:calls[{c}]", "a call in training mode", "inference");
            }

            Tensor[] inputs = [.. call.Inputs.Select(i => i.Read())];
            Lazy<IReadOnlyList<LayerActivation>> activations = new(() => model.Activations(inputs, cancellation));
            // Activations are those of the states before the call, so they are taken first where there are states.
            if (model.Graph.States.Count > 0 && divergence is null)
            {
                _ = activations.Value;
            }

            Tensor[] got = model.Predict(inputs, cancellation);
            var compared = new List<ArrayComparison>();
            for (int i = 0; i < call.Outputs.Count; i++)
            {
                VectorsArray want = call.Outputs[i];
                string name = vectors.Calls.Count == 1 ? want.Name : $"call {c} {want.Name}";
                compared.Add(i < got.Length
                    ? ArrayComparison.Of(name, got[i], want.Read(), tolerance, want.Stride, want.FullShape)
                    : new ArrayComparison(name, double.PositiveInfinity, double.PositiveInfinity, 1, "the model has no such output"));
            }

            outputs.AddRange(compared);
            if (divergence is null && compared.Any(o => !o.Passes))
            {
                divergence = FirstDivergence(activations.Value, call, tolerance);
            }

            done?.Invoke();
        }

        return new VerificationReport(outputs, divergence);
    }

    /// <summary>How far each layer's output is from what Keras computed; where the file has several calls, the largest difference of any.</summary>
    public static LayerDifferences Layers(KerasModel model, VectorsFile vectors, Tolerance tolerance, CancellationToken cancellation = default, Action? done = null)
    {
        IReadOnlyList<LayerOutput> trace = model.Network.Trace;
        var worst = new ArrayComparison?[trace.Count];
        model.ResetStates();
        foreach (VectorsCall call in vectors.Calls)
        {
            if (vectors.ForgetsStates)
            {
                model.ResetStates();
            }

            Tensor[] inputs = [.. call.Inputs.Select(i => i.Read())];
            foreach ((int i, ArrayComparison? compared) in Compare(model.Activations(inputs, cancellation), call, tolerance).Select(c => c.Comparison).Index())
            {
                worst[i] = compared?.LargestAbsolute > (worst[i]?.LargestAbsolute ?? -1) ? compared : worst[i];
            }

            if (model.Graph.States.Count > 0)
            {
                model.Predict(inputs, cancellation);
            }

            done?.Invoke();
        }

        return new LayerDifferences(trace.Zip(worst));
    }

    private static LayerDivergence? FirstDivergence(IReadOnlyList<LayerActivation> activations, VectorsCall call, Tolerance tolerance)
    {
        double before = 0;
        foreach ((LayerActivation activation, ArrayComparison? compared) in Compare(activations, call, tolerance))
        {
            if (compared is not { } comparison)
            {
                continue;
            }

            if (!comparison.Passes)
            {
                return new LayerDivergence(activation.Layer, activation.ClassName, comparison, before) { Node = activation.Node };
            }

            before = Math.Max(before, comparison.LargestAbsolute);
        }

        return null;
    }

    /// <summary>Every activation with how far it is from what Keras computed; null where the vectors do not hold it.</summary>
    private static IEnumerable<(LayerActivation Activation, ArrayComparison? Comparison)> Compare(IReadOnlyList<LayerActivation> activations, VectorsCall call, Tolerance tolerance)
    {
        var numbers = new CallNumbers(activations, call);
        return activations.Select(a => (a, numbers.InVectors(a) is { } number ? Compare(a, number, call, tolerance) : null));
    }

    private static ArrayComparison? Compare(LayerActivation activation, int number, VectorsCall call, Tolerance tolerance)
    {
        string name = $"output {activation.Output} of call {activation.Node}";
        if (call.Layers.FirstOrDefault(l => l.Name == activation.Layer && l.Node == number && l.Output == activation.Output) is { } array)
        {
            return ArrayComparison.Of(name, activation.Value, array.Read(), tolerance, array.Stride, array.FullShape);
        }

        if (call.LayerStatistics.FirstOrDefault(l => l.Name == activation.Layer && l.Node == number && l.Output == activation.Output) is not { } statistics)
        {
            return null;
        }

        if (!activation.Value.Shape.SequenceEqual(statistics.Shape) || statistics.Sample.Any(s => s.Index < 0 || s.Index >= activation.Value.Length))
        {
            return new ArrayComparison(name, double.PositiveInfinity, double.PositiveInfinity, 1, $"shape {activation.Value.Shape}, expected ({string.Join(", ", statistics.Shape)})");
        }

        double[] got = activation.Value.Cast(DType.Float64).As<double>().ToArray();
        double[] sampled = [.. statistics.Sample.Select(s => got[s.Index])];
        double[] wanted = [.. statistics.Sample.Select(s => s.Value)];
        return ArrayComparison.Of(name, Tensor.From(sampled, sampled.Length), Tensor.From(wanted, wanted.Length), tolerance);
    }
}
