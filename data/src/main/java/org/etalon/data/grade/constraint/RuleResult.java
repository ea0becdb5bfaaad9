package org.etalon.data.grade.constraint;

/**
 * What became of one rule.
 *
 * @param rule its name
 * @param strict whether the response keeps it as it stands
 * @param loose whether one of IFEval's eight variants of the response keeps it
 * @param reason why the response as it stands breaks it; empty if it keeps it
 */
public record RuleResult(String rule, boolean strict, boolean loose, String reason) {}
