namespace KerasCompat.Runtime;

/// <summary>
/// Keeps the likeliest prefixes step by step, each with the probabilities that it ends in a blank or in its last label
/// (TensorFlow's CTCBeamSearchDecoder); scores are log probabilities.
/// </summary>
/// <param name="Blank">The class of the blank.</param>
/// <param name="Width">How many prefixes are kept.</param>
/// <param name="TopPaths">How many sequences are given.</param>
public sealed record CTCBeamSearchDecoder(int Blank, int Width, int TopPaths) : CTCDecoder(Blank)
{
    internal override int Paths => TopPaths;

    internal override IReadOnlyList<(IReadOnlyList<int> Labels, double Score)> Decode(double[][] logits)
    {
        var root = new Prefix(null, -1) { Now = new Chances(0, double.NegativeInfinity) };
        List<Prefix> beam = [root];
        foreach (double[] step in logits)
        {
            var logs = new double[step.Length];
            CTCLoss.LogSoftmax<double>(step, logs);
            beam = Advance(beam, logs);
        }

        return [.. beam.Take(TopPaths).Select(p => (p.Labels(), p.Now.Total))];
    }

    private List<Prefix> Advance(List<Prefix> beam, double[] logs)
    {
        foreach (Prefix prefix in beam)
        {
            prefix.Before = prefix.Now;
        }

        foreach (Prefix prefix in beam)
        {
            double label = prefix.Before.Label;
            if (prefix.Parent is { } parent && beam.Contains(parent))
            {
                label = CTCLoss.LogSum(label, prefix.Label == parent.Label ? parent.Before.Blank : parent.Before.Total);
            }

            prefix.Now = new Chances(
                prefix.Before.Total + logs[Blank],
                prefix.Parent is null ? double.NegativeInfinity : label + logs[prefix.Label]);
        }

        var candidates = new List<Prefix>(beam);
        foreach (Prefix prefix in beam)
        {
            for (int label = 0; label < logs.Length; label++)
            {
                if (label == Blank || beam.Contains(prefix.Child(label)))
                {
                    continue;
                }

                Prefix child = prefix.Child(label);
                child.Now = new Chances(double.NegativeInfinity, logs[label] + (label == prefix.Label ? prefix.Before.Blank : prefix.Before.Total));
                candidates.Add(child);
            }
        }

        List<Prefix> kept = [.. candidates.Where(c => !double.IsNegativeInfinity(c.Now.Total)).OrderByDescending(c => c.Now.Total).Take(Width)];
        foreach (Prefix dropped in candidates.Except(kept))
        {
            dropped.Now = dropped.Before = Chances.None;
        }

        return kept;
    }

    /// <summary>Log probabilities of a prefix that ends in a blank, or in its last label.</summary>
    private readonly record struct Chances(double Blank, double Label)
    {
        public static Chances None { get; } = new(double.NegativeInfinity, double.NegativeInfinity);

        public double Total => CTCLoss.LogSum(Blank, Label);
    }

    /// <summary>A sequence of labels, as the last label and the sequence before it.</summary>
    private sealed class Prefix(Prefix? parent, int label)
    {
        private readonly Dictionary<int, Prefix> _children = [];

        public Prefix? Parent => parent;

        public int Label => label;

        public Chances Before { get; set; } = Chances.None;

        public Chances Now { get; set; } = Chances.None;

        public Prefix Child(int next)
        {
            if (!_children.TryGetValue(next, out Prefix? child))
            {
                child = new Prefix(this, next);
                _children.Add(next, child);
            }

            return child;
        }

        public IReadOnlyList<int> Labels() => Parent is null ? [] : [.. Parent.Labels(), Label];
    }
}
