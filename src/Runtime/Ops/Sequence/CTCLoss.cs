using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>
/// The loss of connectionist temporal classification (Graves et al. 2006): <c>−log P(labels)</c>, summed over every way in which the
/// labels can be spread over the steps, with blanks between them. ONNX has no such operator.
/// </summary>
/// <remarks>
/// Inputs: labels (batch, labels) of int32, logits (batch, time, classes), the numbers of labels and of steps that count (batch) of
/// int32. Output: (batch).
/// </remarks>
/// <param name="Blank">The class of the blank.</param>
public sealed record CTCLoss(int Blank) : Op, IFloatingKernel
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs) => inputs.Shape(0).Rank == 2 && inputs.Shape(1).Rank == 3
        ? [new TensorType(inputs.DType(1), new SymbolicShape(inputs.Shape(1)[0]))]
        : throw inputs.Fail($"labels {inputs.Shape(0)} and logits {inputs.Shape(1)}", "labels (batch, labels) and logits (batch, time, classes)");

    internal override CpuKernel Bind(CpuBinding binding) => binding.Output(0).DType == DType.Float64 ? ((IFloatingKernel)this).Make<double>(binding) : ((IFloatingKernel)this).Make<float>(binding);

    CpuKernel IFloatingKernel.Make<T>(CpuBinding binding)
    {
        Slot labels = binding.Input(0), logits = binding.Input(1), labelLengths = binding.Input(2), steps = binding.Input(3), y = binding.Output(0);
        int most = labels.Shape[1], time = logits.Shape[1], classes = logits.Shape[2];
        Slot memory = binding.Workspace(DType.Float64, classes + (2 * ((2 * most) + 1)));
        return frame =>
        {
            Span<double> work = frame.Span<double>(memory);
            Span<double> logs = work[..classes], now = work.Slice(classes, (2 * most) + 1), before = work[(classes + (2 * most) + 1)..];
            for (int row = 0; row < y.Length; row++)
            {
                ReadOnlySpan<int> own = frame.Span<int>(labels).Slice(row * most, frame.Span<int>(labelLengths)[row]);
                ReadOnlySpan<T> scores = frame.Span<T>(logits).Slice(row * time * classes, time * classes);
                frame.Span<T>(y)[row] = T.CreateTruncating(-LogProbability(own, scores[..(frame.Span<int>(steps)[row] * classes)], logs, now, before));
            }
        };
    }

    /// <summary>Place 2i of a path is the blank before label i, place 2i + 1 the label.</summary>
    private double LogProbability<T>(ReadOnlySpan<int> labels, ReadOnlySpan<T> logits, Span<double> logs, Span<double> now, Span<double> before)
        where T : INumber<T>
    {
        int places = (2 * labels.Length) + 1;
        before.Fill(double.NegativeInfinity);
        before[0] = 0;
        for (int step = 0; step * logs.Length < logits.Length; step++)
        {
            LogSoftmax(logits.Slice(step * logs.Length, logs.Length), logs);
            for (int place = 0; place < places; place++)
            {
                int symbol = place % 2 == 0 ? Blank : labels[place / 2];
                double sum = before[place];
                if (place > 0 && (step > 0 || place == 1))
                {
                    sum = LogSum(sum, before[place - 1]);
                }

                // Over a blank only where it does not part two equal labels.
                if (step > 0 && place > 2 && place % 2 == 1 && labels[place / 2] != labels[(place / 2) - 1])
                {
                    sum = LogSum(sum, before[place - 2]);
                }

                now[place] = sum + logs[symbol];
            }

            now[..places].CopyTo(before);
        }

        return places == 1 ? before[0] : LogSum(before[places - 1], before[places - 2]);
    }

    internal static void LogSoftmax<T>(ReadOnlySpan<T> x, Span<double> y)
        where T : INumber<T>
    {
        double most = double.NegativeInfinity, sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = double.CreateTruncating(x[i]);
            most = Math.Max(most, y[i]);
        }

        foreach (double value in y)
        {
            sum += Math.Exp(value - most);
        }

        for (int i = 0; i < y.Length; i++)
        {
            y[i] -= most + Math.Log(sum);
        }
    }

    internal static double LogSum(double a, double b) => double.IsNegativeInfinity(Math.Max(a, b))
        ? double.NegativeInfinity
        : Math.Max(a, b) + Math.Log(1 + Math.Exp(-Math.Abs(a - b)));
}

public sealed partial class GraphBuilder
{
    /// <summary>The loss of connectionist temporal classification, for each row.</summary>
    public Value CTCLoss(Value labels, Value logits, Value labelLengths, Value steps, int blank) => Apply(new CTCLoss(blank), labels, logits, labelLengths, steps);
}
