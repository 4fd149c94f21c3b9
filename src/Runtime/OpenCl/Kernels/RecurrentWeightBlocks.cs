using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>
/// The weights of a recurrent net as the kernels of a CPU read them, made once for a model: units in blocks of a vector, filled up with
/// zeros, in each block gate after gate.
/// </summary>
internal static class RecurrentWeightBlocks
{
    /// <summary>What the input gives the gates is (block, gate, unit of the block) too: its kernel's columns in that order, in panels.</summary>
    public static Slot Kernel(RecurrentOperands net, DeviceBinding b)
    {
        int width = net.Op.Gates * net.Padded;
        return b.Weights(RecurrentOp.Kernel, ("blocks in panels", net.Op.Gates), new Shape(Product.PackedLength(net.Features, width)), w =>
            ProductKernels.Packed(InOrder(w, net.Features, net), 1, net.Features, width, (_, row) => row * width, 1));
    }

    /// <summary>What is added to the input's side: both biases where they meet before an activation; null for nothing.</summary>
    public static Slot? Bias(RecurrentOperands net, DeviceBinding b) => !b.Has(RecurrentOp.Bias) ? null
        : b.Shared(RecurrentOp.Bias, ("blocks", net.Op.GetType()), net.Type, new Shape(net.Op.Gates * net.Padded), w => InOrder(InputBias(w, net), 1, net).Bytes.ToArray());

    /// <summary>What a GRU's reset gate multiplies together with the product; null for nothing.</summary>
    public static Slot? CandidateBias(RecurrentOperands net, DeviceBinding b) => !b.Has(RecurrentOp.Bias) || net.Op is not GRU { ResetAfter: true } ? null
        : b.Shared(RecurrentOp.Bias, "candidate", net.Type, new Shape(net.Padded), w => Part(w, 5 * net.Units, net.Units, net.Padded).Bytes.ToArray());

    /// <summary>The recurrent weights: (block, unit before, gate, unit of the block). Those of a second product stand after those of the first.</summary>
    public static Slot Recurrent(RecurrentOperands net, DeviceBinding b) =>
        b.Weights(RecurrentOp.RecurrentKernel, ("blocks", net.Op.GetType(), net.HasTwoProducts), new Shape(net.Units * net.Op.Gates * net.Padded), w =>
            net.HasTwoProducts ? [.. InBlocks(w, net, 0, 2), .. InBlocks(w, net, 2, 1)] : InBlocks(w, net, 0, net.Op.Gates));

    /// <summary>An embedding multiplied by the input's kernel, with the bias: what each index gives the gates.</summary>
    /// <param name="net">The net.</param>
    /// <param name="b">The operator.</param>
    /// <param name="inBlocks">Whether for the kernels of a CPU.</param>
    public static Slot Table(RecurrentOperands net, DeviceBinding b, bool inBlocks)
    {
        int table = net.Table!.Value, rows = b.Shape(table)[0], width = net.Op.Gates * (inBlocks ? net.Padded : net.Units);
        StoredInput storedKernel = b.Constant(RecurrentOp.Kernel)!;
        StoredInput? storedBias = b.Constant(RecurrentOp.Bias);
        return b.Shared(table, (storedKernel.Identity, storedBias?.Identity, inBlocks), net.Type, new Shape(rows, width), embedding =>
        {
            using var scratch = new ScratchTensors();
            Tensor kernel = storedKernel.Read(scratch).Cast(net.Type);
            Tensor? bias = storedBias?.Read(scratch).Cast(net.Type);
            var g = new GraphBuilder();
            Value x = g.Input("x", net.Type, embedding.Shape);
            Value y = g.MatMul(x, g.Constant(inBlocks ? InOrder(kernel, net.Features, net) : kernel));
            if (bias is not null)
            {
                y = g.Add(y, g.Constant(inBlocks ? InOrder(InputBias(bias, net), 1, net) : Part(bias, 0, width, width)));
            }

            using var product = new CpuExecutable(g.Build([x], [y]));
            return product.Run([embedding])[0].Bytes.ToArray();
        });
    }

    /// <summary>Rows of (gate, unit) as rows of (block, gate, unit of the block).</summary>
    private static Tensor InOrder(Tensor w, int rows, RecurrentOperands net)
    {
        int gates = net.Op.Gates, size = w.DType.Size();
        Tensor ordered = Tensor.Zeros(w.DType, new Shape(rows, gates * net.Padded));
        for (int row = 0; row < rows * gates; row++)
        {
            for (int block = 0; block < net.Blocks; block++)
            {
                int first = block * Lanes.Vector, count = Math.Min(Lanes.Vector, net.Units - first);
                int to = ((((row / gates * net.Blocks) + block) * gates) + (row % gates)) * Lanes.Vector;
                w.Bytes.Slice(((row * net.Units) + first) * size, count * size).CopyTo(ordered.Bytes[(to * size)..]);
            }
        }

        return ordered;
    }

    private static byte[] InBlocks(Tensor w, RecurrentOperands net, int firstGate, int gates)
    {
        int size = w.DType.Size();
        var bytes = new byte[net.Units * gates * net.Padded * size];
        for (int block = 0; block < net.Blocks; block++)
        {
            int first = block * Lanes.Vector, count = Math.Min(Lanes.Vector, net.Units - first);
            for (int before = 0; before < net.Units; before++)
            {
                for (int gate = 0; gate < gates; gate++)
                {
                    int from = (((before * net.Op.Gates) + firstGate + gate) * net.Units) + first, to = ((((block * net.Units) + before) * gates) + gate) * Lanes.Vector;
                    w.Bytes.Slice(from * size, count * size).CopyTo(bytes.AsSpan(to * size));
                }
            }
        }

        return bytes;
    }

    /// <summary>The bias of the input's side, with that of the state's side where both are added before the activation.</summary>
    private static Tensor InputBias(Tensor bias, RecurrentOperands net)
    {
        int width = net.Op.Gates * net.Units;
        if (net.Op is not GRU { ResetAfter: true })
        {
            return bias;
        }

        Tensor<double> both = bias.Cast(DType.Float64).As<double>(), sum = Tensor.Zeros(DType.Float64, new Shape(width)).As<double>();
        for (int i = 0; i < width; i++)
        {
            sum.Span[i] = both.Span[i] + (i < 2 * net.Units ? both.Span[width + i] : 0);
        }

        return sum.Cast(bias.DType);
    }

    /// <summary>Some of the elements, filled up with zeros.</summary>
    private static Tensor Part(Tensor w, int first, int count, int length)
    {
        Tensor part = Tensor.Zeros(w.DType, new Shape(length));
        w.Bytes.Slice(first * w.DType.Size(), count * w.DType.Size()).CopyTo(part.Bytes);
        return part;
    }
}
