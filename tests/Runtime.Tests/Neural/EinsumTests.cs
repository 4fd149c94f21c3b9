namespace KerasCompat.Runtime.Tests.Neural;

public class EinsumTests
{
    public static TheoryData<string, int[][], int[]> Cases() => new()
    {
        { "ab,bc->ac", [[3, 4], [4, 5]], [3, 5] },
        { "ab,bc", [[3, 4], [4, 5]], [3, 5] },
        { "abc,cde->abde", [[2, 3, 4], [4, 2, 5]], [2, 3, 2, 5] },
        { "abde,dec->abc", [[2, 3, 2, 5], [2, 5, 4]], [2, 3, 4] },
        { "aecd,abcd->acbe", [[2, 3, 4, 5], [2, 6, 4, 5]], [2, 4, 6, 3] },
        { "acbe,aecd->abcd", [[2, 4, 6, 3], [2, 3, 4, 5]], [2, 6, 4, 5] },
        { "...x,xy->...y", [[2, 3, 4], [4, 5]], [2, 3, 5] },
        { "...x,xy->...y", [[4], [4, 5]], [5] },
        { "...ab,...bc->...ac", [[2, 1, 3, 4], [6, 4, 5]], [2, 6, 3, 5] },
        { "b...,b...->b...", [[2, 3, 4], [2, 3, 4]], [2, 3, 4] },
        { "...i,...i->...", [[2, 3], [2, 3]], [2] },
        { "ij->ji", [[2, 3]], [3, 2] },
        { "ij->j", [[2, 3]], [3] },
        { "ii->i", [[3, 3]], [3] },
        { "ii", [[3, 3]], [] },
        { "i,j->ij", [[3], [4]], [3, 4] },
        { "i,i->", [[3], [3]], [] },
        { "ab,bc,cd->ad", [[2, 3], [3, 4], [4, 5]], [2, 5] },
        { "xy,abx->aby", [[4, 5], [2, 3, 4]], [2, 3, 5] },
        { "abc,abc->a", [[2, 3, 4], [2, 3, 4]], [2] },
        { "abc,cd->abd", [[0, 3, 4], [4, 5]], [0, 3, 5] },
        { "bij , bjk -> bik", [[2, 3, 4], [2, 4, 2]], [2, 3, 2] },
        { "ab,b->ab", [[2, 3], [1]], [2, 3] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Einsum_sums_products_over_labels(string equation, int[][] shapes, int[] result)
    {
        foreach (DType type in new[] { DType.Float32, DType.Float64 })
        {
            var test = new OpCase(type);
            Tensor<double>[] operands = [.. shapes.Select((s, i) => i == 1 ? test.Weight(new Shape(s)) : test.Input(new Shape(s), s.Length > 2 ? ["batch"] : []))];
            Tensor<double> expected = Reference(equation, operands, new Shape(result));
            test.AssertClose(expected, test.Run((g, v) => g.Einsum(equation, v)));
        }
    }

    [Theory]
    [InlineData("ab,bc->ad")]
    [InlineData("ab,bc->aa")]
    [InlineData("abc,bc->a")]
    [InlineData("ab->a")]
    [InlineData("a.b,bc->ac")]
    public void Equations_that_do_not_fit_are_refused(string equation)
    {
        var test = new OpCase(DType.Float32);
        test.Input(new Shape(2, 3));
        test.Input(new Shape(3, 4));
        Assert.Throws<ModelFormatException>(() => test.Run((g, v) => g.Einsum(equation, v)));
    }

    /// <summary>Every label, those of an ellipsis written as digits, runs over its size in one loop nest.</summary>
    private static Tensor<double> Reference(string equation, Tensor<double>[] operands, Shape result)
    {
        string[] sides = equation.Replace(" ", "", StringComparison.Ordinal).Split("->");
        string[] terms = [.. sides[0].Split(',').Select((t, i) => Spell(t, operands[i].Shape.Rank))];
        string output = sides.Length == 2
            ? Spell(sides[1], result.Rank)
            : string.Concat(string.Concat(terms).GroupBy(c => c).Where(g => g.Count() == 1).Select(g => g.Key).Order());
        char[] labels = [.. string.Concat(terms).Distinct()];
        int[] sizes = [.. labels.Select(l => terms.Zip(operands).SelectMany(p => p.First.Select((c, a) => c == l ? p.Second.Shape[a] : 1)).Aggregate(1, (a, b) => a == 1 ? b : a))];
        Tensor<double> sum = Tensor.Zeros(DType.Float64, result).As<double>();
        foreach (int[] at in Loops.Indices(new Shape(sizes)))
        {
            int Index(char label) => at[Array.IndexOf(labels, label)];
            double product = 1;
            for (int i = 0; i < operands.Length; i++)
            {
                product *= operands[i][[.. terms[i].Select((c, a) => operands[i].Shape[a] == 1 ? 0 : Index(c))]];
            }

            sum[[.. output.Select(Index)]] += product;
        }

        return sum;

        static string Spell(string term, int rank)
        {
            int count = rank - term.Replace("...", "", StringComparison.Ordinal).Length;
            return term.Replace("...", "9876543210"[(10 - count)..], StringComparison.Ordinal);
        }
    }
}
