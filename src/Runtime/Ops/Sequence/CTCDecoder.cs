using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>
/// The label sequences that logits say, without blanks. Outputs: (paths, batch, time) of int32, filled up with −1; scores
/// (batch, paths). Inputs: logits (batch, time, classes), the number of steps that count (batch) of int32.
/// </summary>
/// <param name="Blank">The class of the blank.</param>
public abstract record CTCDecoder(int Blank) : Op, IFloatingKernel
{
    /// <summary>Number of sequences for each row.</summary>
    internal abstract int Paths { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs) => inputs.Shape(0) is { Rank: 3 } logits
        ?
        [
            new TensorType(DType.Int32, new SymbolicShape(Paths, logits[0], logits[1])),
            new TensorType(inputs.DType(0), new SymbolicShape(logits[0], Paths)),
        ]
        : throw inputs.Fail($"logits {inputs.Shape(0)}", "logits (batch, time, classes)");

    internal override CpuKernel Bind(CpuBinding binding) => binding.Floating(this);

    CpuKernel IFloatingKernel.Make<T>(CpuBinding binding)
    {
        Slot logits = binding.Input(0), steps = binding.Input(1), labels = binding.Output(0), scores = binding.Output(1);
        int batch = logits.Shape[0], time = logits.Shape[1], classes = logits.Shape[2];
        return frame =>
        {
            frame.Span<int>(labels).Fill(-1);
            for (int row = 0; row < batch; row++)
            {
                int length = frame.Span<int>(steps)[row];
                var lines = new double[length][];
                for (int step = 0; step < length; step++)
                {
                    ReadOnlySpan<T> line = frame.Span<T>(logits).Slice(((row * time) + step) * classes, classes);
                    lines[step] = new double[classes];
                    for (int i = 0; i < classes; i++)
                    {
                        lines[step][i] = double.CreateTruncating(line[i]);
                    }
                }

                IReadOnlyList<(IReadOnlyList<int> Labels, double Score)> found = Decode(lines);
                for (int path = 0; path < found.Count; path++)
                {
                    Span<int> to = frame.Span<int>(labels).Slice(((path * batch) + row) * time, time);
                    for (int i = 0; i < found[path].Labels.Count; i++)
                    {
                        to[i] = found[path].Labels[i];
                    }

                    frame.Span<T>(scores)[(row * Paths) + path] = T.CreateTruncating(found[path].Score);
                }
            }
        };
    }

    /// <summary>The sequences of one row, best first.</summary>
    internal abstract IReadOnlyList<(IReadOnlyList<int> Labels, double Score)> Decode(double[][] logits);
}

/// <summary>Takes the best class of each step; the score is the negative sum of the best logits.</summary>
/// <param name="Blank">The class of the blank.</param>
/// <param name="MergeRepeated">Whether a class met again in the next step counts once.</param>
public sealed record CTCGreedyDecoder(int Blank, bool MergeRepeated) : CTCDecoder(Blank)
{
    internal override int Paths => 1;

    internal override IReadOnlyList<(IReadOnlyList<int> Labels, double Score)> Decode(double[][] logits)
    {
        var labels = new List<int>();
        double score = 0;
        int before = -1;
        foreach (double[] step in logits)
        {
            int best = Array.IndexOf(step, step.Max());
            score -= step[best];
            if (best != Blank && !(MergeRepeated && best == before))
            {
                labels.Add(best);
            }

            before = best;
        }

        return [(labels, score)];
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The label sequences that logits (batch, time, classes) say.</summary>
    public (Value Labels, Value Scores) CTCDecode(CTCDecoder decoder, Value logits, Value steps)
    {
        IReadOnlyList<Value> outputs = ApplyAll(decoder, logits, steps);
        return (outputs[0], outputs[1]);
    }
}
