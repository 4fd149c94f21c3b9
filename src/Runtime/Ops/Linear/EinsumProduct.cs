namespace KerasCompat.Runtime;

/// <summary>An Einstein summation of two operands as one matrix product: the axes sorted into batch, rows, sums and columns.</summary>
/// <param name="Batch">Labels of both operands and the result, in the result's order.</param>
/// <param name="Rows">Labels of the left operand and the result.</param>
/// <param name="Sums">Labels of both operands that are summed over.</param>
/// <param name="Columns">Labels of the right operand and the result.</param>
/// <param name="Left">The left operand's labels.</param>
/// <param name="Right">The right operand's labels.</param>
/// <param name="Output">The result's labels.</param>
/// <param name="Sizes">The size of each label.</param>
internal sealed record EinsumProduct(
    int[] Batch, int[] Rows, int[] Sums, int[] Columns, int[] Left, int[] Right, int[] Output, IReadOnlyDictionary<int, Dim> Sizes)
{
    /// <summary>The product, or null where a label stands twice, is summed within one operand, or is broadcast.</summary>
    public static EinsumProduct? TryMake(SymbolicShape leftShape, SymbolicShape rightShape, int[] left, int[] right, int[] output)
    {
        var sizes = new Dictionary<int, Dim>();
        foreach ((int label, Dim size) in left.Zip(leftShape).Concat(right.Zip(rightShape)))
        {
            if (!sizes.TryAdd(label, size) && sizes[label] != size)
            {
                return null;
            }
        }

        int[] sums = [.. left.Where(l => right.Contains(l) && !output.Contains(l))];
        bool isProduct = left.Distinct().Count() == left.Length && right.Distinct().Count() == right.Length
            && sums.Length > 0 && left.Concat(right).All(l => output.Contains(l) || sums.Contains(l));
        return !isProduct ? null : new EinsumProduct(
            [.. output.Where(l => left.Contains(l) && right.Contains(l))],
            [.. output.Where(l => left.Contains(l) && !right.Contains(l))],
            sums,
            [.. output.Where(l => !left.Contains(l) && right.Contains(l))],
            left, right, output, sizes);
    }

    /// <summary>Adds the operators.</summary>
    public Value Apply(GraphBuilder g, Value a, Value b)
    {
        // (batch…, rows…, sums) times (batch…, sums, columns); without a batch the rows may stay apart.
        Value left = Arrange(g, a, Left, [.. Batch, .. Rows, .. Sums]);
        Value right = Arrange(g, b, Right, [.. Batch, .. Sums, .. Columns]);
        Dim sum = Length(Sums), columns = Length(Columns);
        bool keepsRows = Batch.Length == 0 && Rows.Length > 0;
        left = g.Reshape(left, new SymbolicShape([.. Shape(Batch), .. keepsRows ? Shape(Rows) : [Length(Rows)], sum]));
        right = g.Reshape(right, new SymbolicShape([.. Shape(Batch), sum, columns]));
        left = left.Rank == 1 ? g.ExpandDims(left, 0) : left;
        int[] order = [.. Batch, .. Rows, .. Columns];
        Value product = g.Reshape(g.MatMul(left, right), new SymbolicShape(Shape(order)));
        return Arrange(g, product, order, Output);
    }

    private static Value Arrange(GraphBuilder g, Value x, int[] labels, int[] order) =>
        g.Transpose(x, [.. order.Select(l => Array.IndexOf(labels, l))]);

    private IEnumerable<Dim> Shape(int[] labels) => labels.Select(l => Sizes[l]);

    private Dim Length(int[] labels) => Dim.Product(Shape(labels));
}
