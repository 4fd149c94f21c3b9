namespace KerasCompat.Layers;

/// <summary>The two sums of an attention over some axes of <c>(batch, …, heads, size)</c>, as Einstein summations.</summary>
/// <param name="Scores">Key, query → scores <c>(batch, …, heads, query axes, key axes)</c>.</param>
/// <param name="Sums">Scores, value → <c>(batch, …, heads, size)</c> in the query's place.</param>
internal sealed record HeadEquations(string Scores, string Sums)
{
    /// <summary>The equations for values of a rank, of which some axes are attended over.</summary>
    public static HeadEquations Of(int rank, IReadOnlyList<int> attended)
    {
        char[] query = [.. Enumerable.Range(0, rank).Select(Letter)];
        char[] key = [.. query];
        int next = rank;
        for (int axis = 0; axis < rank; axis++)
        {
            if (attended.Contains(axis))
            {
                key[axis] = Letter(next++);
            }
        }

        string scores = string.Concat(
            Enumerable.Range(0, rank - 1).Where(a => !attended.Contains(a)).Select(a => query[a])
                .Concat(attended.Select(a => query[a]))
                .Concat(attended.Select(a => key[a])));
        var (q, k) = (new string(query), new string(key));
        return new HeadEquations($"{k},{q}->{scores}", $"{scores},{k}->{q}");
    }

    /// <summary>The equation of a projection: some axes stay, some are summed over, some are new.</summary>
    /// <returns>The equation, and the letters of the new axes.</returns>
    public static (string Equation, string New) Projection(int free, int bound, int output)
    {
        string kept = Letters(0, free), summed = Letters(free, bound), made = Letters(free + bound, output);
        return ($"{kept}{summed},{summed}{made}->{kept}{made}", made);
    }

    private static string Letters(int first, int count) => string.Concat(Enumerable.Range(first, count).Select(Letter));

    private static char Letter(int index) => (char)('a' + index);
}
