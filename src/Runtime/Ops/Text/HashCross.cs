using System.Text;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>
/// A bucket for each combination of features: TensorFlow's <c>sparse.cross_hashed</c>. Texts count by their Fingerprint64, integers by
/// their value; fingerprints are joined from left to right.
/// </summary>
/// <remarks>tensorflow/core/kernels/sparse_cross_op.cc; inputs are text or int64, of one shape.</remarks>
/// <param name="Buckets">Number of buckets.</param>
public sealed record HashCross(long Buckets) : Op
{
    /// <summary>TensorFlow's <c>kDefaultHashKey</c>.</summary>
    private const ulong Start = 0xDECAFCAFFE;

    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        for (int i = 0; i < inputs.Count; i++)
        {
            if (inputs.DType(i) is not (DType.String or DType.Int64))
            {
                throw inputs.Fail(inputs.Type(i).ToString(), "text or int64");
            }
        }

        return [new TensorType(DType.Int64, inputs.Shape(0))];
    }

    internal override CpuKernel Bind(CpuBinding binding)
    {
        Slot[] features = [.. Enumerable.Range(0, binding.InputCount).Select(binding.Input)];
        Slot y = binding.Output(0);
        return frame =>
        {
            Span<long> buckets = frame.Span<long>(y);
            for (int i = 0; i < buckets.Length; i++)
            {
                ulong hash = Start;
                foreach (Slot feature in features)
                {
                    ulong own = feature.DType == DType.String
                        ? Fingerprint64.Hash(Encoding.UTF8.GetBytes(frame.Texts(feature)[i]))
                        : (ulong)frame.Span<long>(feature)[i];
                    hash = Fingerprint64.Concatenate(hash, own);
                }

                buckets[i] = (long)(hash % (ulong)Buckets);
            }
        };
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>A bucket for each combination of features, which are text or int64.</summary>
    public Value HashCross(IReadOnlyList<Value> features, long buckets) => Apply(new HashCross(buckets), [.. features]);
}
