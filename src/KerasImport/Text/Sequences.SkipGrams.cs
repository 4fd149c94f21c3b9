namespace KerasCompat.Text;

/// <summary>Pairs of a word and a word of its context, and whether each pair stood in the text.</summary>
/// <param name="Couples">The pairs of word indices.</param>
/// <param name="Labels">1 where the second word stood near the first, 0 where it was drawn.</param>
public sealed record SkipGramPairs(IReadOnlyList<(int Word, int Context)> Couples, IReadOnlyList<int> Labels)
{
    /// <summary>The labels as Keras gives them with <c>categorical=True</c>: (0, 1) for 1 and (1, 0) for 0.</summary>
    public IReadOnlyList<(int Negative, int Positive)> CategoricalLabels => [.. Labels.Select(label => (1 - label, label))];
}

public static partial class Sequences
{
    /// <summary>Keras's <c>skipgrams</c>: pairs of words that stand within a window of each other, and as many pairs as asked for of words drawn at random.</summary>
    /// <param name="sequence">Word indices; 0 stands for no word and is skipped.</param>
    /// <param name="vocabularySize">Drawn words are 1 to this - 1.</param>
    /// <param name="windowSize">How far from a word its context reaches.</param>
    /// <param name="negativeSamples">Drawn pairs for each real one.</param>
    /// <param name="shuffle">Whether the pairs are shuffled.</param>
    /// <param name="samplingTable">The probability with which the word of each rank is kept: <see cref="MakeSamplingTable"/>.</param>
    /// <param name="seed">Seeds the shuffle, as in Keras; drawn where it is null.</param>
    /// <param name="random">Draws words; what <c>random.seed</c> before the call is in Python. Seeded by the clock where it is null.</param>
    /// <exception cref="ArgumentException">Words must be drawn and the vocabulary has none.</exception>
    /// <exception cref="IndexOutOfRangeException">The sampling table is shorter than the vocabulary.</exception>
    public static SkipGramPairs SkipGrams(
        IReadOnlyList<int> sequence,
        int vocabularySize,
        int windowSize = 4,
        double negativeSamples = 1,
        bool shuffle = true,
        IReadOnlyList<double>? samplingTable = null,
        int? seed = null,
        PythonRandom? random = null)
    {
        random ??= new PythonRandom(Environment.TickCount64);
        var couples = new List<(int, int)>();
        for (int i = 0; i < sequence.Count; i++)
        {
            int word = sequence[i];
            if (word == 0 || (samplingTable is not null && samplingTable[word] < random.Random()))
            {
                continue;
            }

            for (int j = Math.Max(0, i - windowSize); j < Math.Min(sequence.Count, i + windowSize + 1); j++)
            {
                if (j != i && sequence[j] != 0)
                {
                    couples.Add((word, sequence[j]));
                }
            }
        }

        List<int> labels = [.. Enumerable.Repeat(1, couples.Count)];
        if (negativeSamples > 0)
        {
            int drawn = (int)(labels.Count * negativeSamples);
            int[] words = [.. couples.Select(c => c.Item1)];
            random.Shuffle<int>(words);
            for (int i = 0; i < drawn; i++)
            {
                couples.Add((words[i % words.Length], random.RandInt(1, vocabularySize - 1)));
            }

            labels.AddRange(Enumerable.Repeat(0, drawn));
        }

        if (!shuffle)
        {
            return new SkipGramPairs(couples, labels);
        }

        // Both lists are shuffled by the same seed, so that they stay together.
        int order = seed ?? random.RandInt(0, 10_000_000);
        (int, int)[] shuffledCouples = [.. couples];
        int[] shuffledLabels = [.. labels];
        new PythonRandom(order).Shuffle<(int, int)>(shuffledCouples);
        new PythonRandom(order).Shuffle<int>(shuffledLabels);
        return new SkipGramPairs(shuffledCouples, shuffledLabels);
    }

    /// <summary>Keras's <c>make_sampling_table</c>: the probability with which <see cref="SkipGrams"/> keeps the word of each rank.</summary>
    /// <remarks>
    /// Frequencies follow Zipf's law: the r-th word has frequency 1 / (r (ln r + γ) + 1/2 − 1/(12 r)), and is kept with
    /// probability min(1, f / √f) for f = <paramref name="samplingFactor"/> over that frequency. γ is 0.577, as in Keras.
    /// </remarks>
    /// <param name="size">Number of words.</param>
    /// <param name="samplingFactor">word2vec's sampling factor.</param>
    public static double[] MakeSamplingTable(int size, double samplingFactor = 1e-5)
    {
        const double Gamma = 0.577;
        var table = new double[size];
        for (int i = 0; i < size; i++)
        {
            double rank = Math.Max(i, 1);
            double inverseFrequency = (rank * (Math.Log(rank) + Gamma)) + 0.5 - (1 / (12 * rank));
            double f = samplingFactor * inverseFrequency;
            table[i] = Math.Min(1, f / Math.Sqrt(f));
        }

        return table;
    }
}
