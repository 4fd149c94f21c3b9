using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>Recurrent nets: one product for the inputs of all steps, or a table of them where the inputs are rows of an embedding, then the steps.</summary>
internal static class RecurrentKernels
{
    public static bool Run(RecurrentOp op, DeviceBinding b)
    {
        Shape x = b.Shape(RecurrentOp.X);
        return x.Rank == 3 && Run(op, b, x, null);
    }

    /// <summary>The net over the rows of an embedding.</summary>
    public static bool Run(EmbeddedRecurrence op, DeviceBinding b)
    {
        Shape indices = b.Shape(RecurrentOp.X);
        int table = RecurrentOp.FirstState + op.Net.StateCount;
        return Run(op.Net, b, new Shape(indices[0], indices[1], b.Shape(table)[1]), table);
    }

    private static bool Run(RecurrentOp op, DeviceBinding b, Shape x, int? table)
    {
        DType type = b.Type(RecurrentOp.Kernel);
        var sizes = new RecurrentOperands(op, type, x[0], x[1], x[2], b.Shape(RecurrentOp.RecurrentKernel)[0], default, table);

        // Vectors need the weights in blocks of units, which only weights that no call changes are brought into.
        bool inBlocks = b.Device.IsCpu && IsConstant(RecurrentOp.Kernel) && IsConstant(RecurrentOp.RecurrentKernel) && (!b.Has(RecurrentOp.Bias) || IsConstant(RecurrentOp.Bias));
        bool inSteps = RecurrentSteps.Suits(sizes, b);
        if (!HasExpression(op.Activation, type) || !HasExpression(op.GateActivation, type) || !(inBlocks || inSteps || RecurrentGroups.Fits(sizes, b)))
        {
            return false;
        }

        RecurrentOperands net = sizes with { X = b.Input(RecurrentOp.X) };
        if (table is { } embedding && b.RoundsWeights)
        {
            // A product of weights is no weight: rows of the embedding are looked up as they are kept.
            Slot found = b.Workspace(type, x.ElementCount) with { Shape = x };
            IndexKernels.Gather(b, 0, b.Kept(embedding), net.X, found);
            net = net with { X = found, Table = null };
        }

        Slot rows = net.Table is not null ? RecurrentWeightBlocks.Table(net, b, inBlocks) : Project(net, b, inBlocks);
        Slot weights = inBlocks ? RecurrentWeightBlocks.Recurrent(net, b) : b.Kept(RecurrentOp.RecurrentKernel);
        Slot? bias = op is not GRU { ResetAfter: true } ? null : inBlocks ? RecurrentWeightBlocks.CandidateBias(net, b) : RecurrentOperands.Optional(b, RecurrentOp.Bias);
        if (inSteps)
        {
            RecurrentSteps.Launch(net, b, rows, weights, bias, inBlocks);
        }
        else if (inBlocks)
        {
            RecurrentRows.Launch(net, b, rows, weights, bias);
        }
        else
        {
            RecurrentGroups.Launch(net, b, rows, weights, bias);
        }

        return true;

        bool IsConstant(int input) => b.Constant(input) is not null;
    }

    /// <summary><c>x·K + b</c> for all steps at once; tiles of masked steps are left out.</summary>
    private static Slot Project(RecurrentOperands net, DeviceBinding b, bool inBlocks)
    {
        int rows = net.Batch * net.Time, width = net.Op.Gates * (inBlocks ? net.Padded : net.Units);
        Slot projected = b.Workspace(net.Type, rows * width);
        bool packed = inBlocks || b.Constant(RecurrentOp.Kernel) is not null;
        Slot kernel = inBlocks ? RecurrentWeightBlocks.Kernel(net, b)
            : packed ? b.Weights(RecurrentOp.Kernel, ("panels", width, 1), new Shape(Product.PackedLength(net.Features, width)), w => ProductKernels.Packed(w, 1, net.Features, width, (_, row) => row * width, 1))
            : b.Input(RecurrentOp.Kernel);
        new Product(net.Type, rows, net.Features, width, net.X, kernel, projected)
        {
            LeftStrides = (net.Features, 1),
            RightStrides = packed ? null : (width, 1),
            ResultStride = width,
            Bias = inBlocks ? RecurrentWeightBlocks.Bias(net, b) : RecurrentOperands.Optional(b, RecurrentOp.Bias),
            Mask = RecurrentOperands.Optional(b, RecurrentOp.Mask),
        }.Launch(b);
        return projected;
    }

    private static bool HasExpression(Op? activation, DType type) => ElementCode.Activation(activation, "v", new Lanes(type, 1)) is not null;
}
