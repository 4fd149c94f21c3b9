namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>Code for a CPU's recurrent products: the states of a few rows times one block's weights, all sums in vector registers.</summary>
/// <remarks>Every sum is one chain over the units before, however many rows there are, so a row's result does not depend on its company.</remarks>
internal static class RecurrentTiles
{
    /// <summary>Rows of the largest tile: six rows of four gates fill 24 of 32 registers.</summary>
    public const int MostRows = 6;

    private static readonly int[] Sizes = [1, 2, 4, MostRows];

    /// <summary>The functions: a tile's rows lie at <c>rows[0]</c>, <c>rows[1]</c>, …; a row too many may repeat another.</summary>
    /// <param name="gates">Gates of the product.</param>
    /// <param name="most">The most rows there can be.</param>
    public static string Functions(int gates, int most) =>
        string.Concat(Sizes.TakeWhile((_, i) => i == 0 || Sizes[i - 1] < most).Select(rows => Tile(Name(gates, rows), rows, 1, gates))) + Tile($"pair{gates}", 1, 2, gates);

    /// <summary>A call for the rows from <c>i</c> to <c>moving</c>, which are <paramref name="most"/> at most.</summary>
    public static string Call(int gates, int most, string arguments)
    {
        string code = string.Empty;
        for (int i = 0; i < Sizes.Length && (i == 0 || Sizes[i - 1] < most); i++)
        {
            string call = $"{Name(gates, Sizes[i])}({arguments});";
            code = i == 0 ? call : $"if (moving - i > {Sizes[i - 1]}) {call} else {code}";
        }

        return code;
    }

    private static string Name(int gates, int rows) => $"tile{gates}_{rows}";

    /// <summary>Some rows of one block, or one row of two: a single row and block has too few chains to keep the multiply-add units busy.</summary>
    private static string Tile(string name, int rows, int blocks, int gates)
    {
        int[] all = [.. Enumerable.Range(0, rows)], weights = [.. Enumerable.Range(0, blocks * gates)];
        return $$"""
            inline void {{name}}(__global const WEIGHT* w, __global const REAL** rows, int depth, REALS* sums)
            {
                {{string.Join(" ", all.Select(r => $"__global const REAL* p{r} = rows[{r}];"))}}
                {{(blocks > 1 ? $"__global const WEIGHT* second = w + depth * {gates} * LANES;" : string.Empty)}}
                {{string.Join(" ", all.SelectMany(r => weights.Select(g => $"REALS s{r}_{g} = (REALS)(0);")))}}
                for (int k = 0; k < depth; k++)
                {
                    {{string.Join(" ", weights.Select(g => $"REALS w{g} = WEIGHTS({(g < gates ? "w" : "second")} + {g % gates} * LANES);"))}}
                    {{string.Join("\n        ", all.Select(r => $"REALS v{r} = (REALS)(p{r}[k]); {string.Join(" ", weights.Select(g => $"s{r}_{g} = fma(v{r}, w{g}, s{r}_{g});"))}"))}}
                    w += {{gates}} * LANES;
                    {{(blocks > 1 ? $"second += {gates} * LANES;" : string.Empty)}}
                }
                {{string.Join(" ", all.SelectMany(r => weights.Select(g => $"sums[{(r * blocks * gates) + g}] = s{r}_{g};")))}}
            }

            """;
    }
}
