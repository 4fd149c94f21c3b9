using System.Text;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>A bucket for each text: its hash modulo the number of buckets. FarmHash's Fingerprint64, or SipHash-2-4 with a key.</summary>
/// <param name="Buckets">Number of buckets.</param>
/// <param name="Key">The key of SipHash, or null for FarmHash.</param>
public sealed record HashText(long Buckets, (ulong First, ulong Second)? Key) : Op
{
    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs) => [new TensorType(DType.Int64, inputs.Texts(0))];

    internal override CpuKernel Bind(CpuBinding binding)
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        return frame =>
        {
            ReadOnlySpan<string> texts = frame.Texts(x);
            Span<long> buckets = frame.Span<long>(y);
            for (int i = 0; i < texts.Length; i++)
            {
                byte[] bytes = Encoding.UTF8.GetBytes(texts[i]);
                ulong hash = Key is { } key ? SipHash.Hash(key.First, key.Second, bytes) : Fingerprint64.Hash(bytes);
                buckets[i] = (long)(hash % (ulong)Buckets);
            }
        };
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>A bucket for each text: its hash modulo the number of buckets.</summary>
    public Value HashText(Value x, long buckets, (ulong First, ulong Second)? key = null) => Apply(new HashText(buckets, key), x);
}
