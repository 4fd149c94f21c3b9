using KerasCompat.Runtime;

namespace KerasCompat.Convert.Report;

/// <summary>What a call takes, layer by layer.</summary>
/// <param name="Inputs">The shapes of the call's inputs.</param>
/// <param name="Seconds">The sum over all operators.</param>
internal sealed record TimeProfile(IReadOnlyList<Shape> Inputs, double Seconds)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>Measures a call and gives each operator's time to its layer; null where elements decide shapes, so that there is no plan to measure.</summary>
    /// <remarks>
    /// A product or convolution that took over the layers behind it (bias, normalization, activation) counts for the layer whose
    /// kernel it reads.
    /// </remarks>
    public static TimeProfile? Measure(KerasModel model, NetworkEntry network, Tensor[] inputs, CancellationToken cancellation)
    {
        IReadOnlyList<(Node Node, double Seconds)> times = model.Profile(inputs, Longest, cancellation);
        if (times.Count == 0)
        {
            return null;
        }

        network.BeginTiming();
        foreach ((Node node, double seconds) in times)
        {
            network.Spend(Owner(node, network.Scope), seconds);
        }

        return new TimeProfile([.. inputs.Select(i => i.Shape)], times.Sum(t => t.Seconds));
    }

    private static string Owner(Node node, string root)
    {
        var weights = new List<Weight>();
        return node.Op is not RecurrentOp && node.Inputs.Count > 1 && node.Inputs[1] is { } kernel && IsStored(kernel, [], weights) && weights.MaxBy(w => w.Shape.ElementCount) is { } largest
            ? $"{root}/{largest.Path}"
            : node.Scope;
    }

    /// <summary>Whether no call changes a value, and the weights it is made of.</summary>
    private static bool IsStored(Value value, HashSet<Value> seen, List<Weight> weights)
    {
        if (value.Weight is { } weight)
        {
            weights.Add(weight);
        }

        return !seen.Add(value) || value.IsStored || (value.Producer is { } producer && producer.Inputs.All(i => i is null || IsStored(i, seen, weights)));
    }
}
